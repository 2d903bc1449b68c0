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

type Options = { readonly seed?: number; readonly minutes: number };

export function registerChaos(program: Command): void {
  program
    .command('chaos')
    .description('break a system of its own at random under load, then verify it')
    .option(
      '--seed <n>',
      'the same faults again (default: a new one)',
      wholeNumber('--seed', SEEDS),
    )
    .option('--minutes <m>', 'how long faults come', positiveNumber('--minutes', MINUTES_MAX), 2)
    .action(chaos);
}

async function chaos({ seed = Date.now() % SEEDS.most, minutes }: Options): Promise<void> {
  const config = readConfig(process.env);
  const home = join(config.home, 'chaos');
  const log = openCliLogger({ ...config, home }, 'chaos');
  say(`Seed ${seed}: ${OWN_COMMAND} chaos --seed ${seed} --minutes ${minutes} does this again.`);
  const result = await runChaos({ home, seed, minutes, say, log });
  const seconds = (result.drainedAfterMs / 1_000).toFixed(1);
  say(
    `${count(result.commands)} commands, ${result.faults} faults, all done ${seconds} s after the last`,
  );
  process.stdout.write(`${renderFindings(result.findings)}\n`);
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
