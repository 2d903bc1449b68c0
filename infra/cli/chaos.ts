/** `daytrade chaos`: breaks a system of its own at random under load, then verifies it. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import { readConfig } from '../../shared/runtime/config.ts';
import { removeDeleted } from '../services/private/postgres-data.ts';
import { runChaos } from '../chaos/run-chaos.ts';
import { renderFindings } from './findings.ts';
import { openCliLogger } from './log.ts';
import { positiveNumber, wholeNumber } from './numbers.ts';
import { count, say } from './output.ts';
import { OWN_COMMAND } from '../../shared/runtime/own-command.ts';

const SEEDS = { least: 0, most: 2 ** 31 - 1 };
const MINUTES_MAX = 24 * 60;

type Options = { readonly seed?: number; readonly minutes: number; readonly json?: true };

export function registerChaos(program: Command): void {
  program
    .command('chaos')
    .description('cause random faults in a system of its own under load, then verify it')
    .option(
      '--seed <n>',
      'repeat the faults of this seed (default: a new seed)',
      wholeNumber('--seed', SEEDS),
    )
    .option(
      '--minutes <m>',
      'how long to cause faults',
      positiveNumber('--minutes', MINUTES_MAX),
      2,
    )
    .option('--json', 'print the findings as JSON')
    .action(chaos);
}

async function chaos({ seed = Date.now() % SEEDS.most, minutes, json }: Options): Promise<void> {
  const config = readConfig(process.env);
  const home = join(config.home, 'chaos');
  const log = openCliLogger({ ...config, home }, 'chaos');
  say(`Seed ${seed}: ${OWN_COMMAND} chaos --seed ${seed} --minutes ${minutes} does this again.`);
  const result = await runChaos({ home, seed, minutes, say, log });
  const seconds = (result.drainedAfterMs / 1_000).toFixed(1);
  say(
    `${count(result.commands)} commands, ${result.faults} faults, all done ${seconds} s after the last`,
  );
  const text =
    json === true ? JSON.stringify(result.findings, undefined, 2) : renderFindings(result.findings);
  process.stdout.write(`${text}\n`);
  const isSound = result.findings.every(({ offenders }) => offenders === 0);
  // Keeps the data and logs of a failed run for analysis.
  if (isSound) {
    rmSync(home, { recursive: true, force: true });
    removeDeleted(home);
    return;
  }
  say(`Its data and logs: ${home}`);
  process.exitCode = 1;
}
