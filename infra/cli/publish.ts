/** `daytrade publish`: a workload file to a running system. */
import { Option, type Command } from 'commander';
import { asFastAsAnswered, atRate } from '../../producers/workload/pace.ts';
import { measureFile } from '../../producers/workload/measure-file.ts';
import { readConfig } from '../../shared/runtime/config.ts';
import { InterruptedError, onInterrupt } from './interrupt.ts';
import { openCliLogger } from './log.ts';
import { positiveNumber } from './numbers.ts';
import { fromUser, say } from './output.ts';
import { runFile } from './run-file.ts';
import { addRunOptions, resumeCommand, runName, type RunArguments } from './run-options.ts';
import { renderSummary } from './run-summary.ts';
import { withRunningSystem } from './running-system.ts';
import { openPool } from '../../shared/pg/pool.ts';
import { totalCash } from '../../shared/pg/accounts-scan.ts';
import { UsageError } from '../../shared/runtime/errors.ts';

type Options = RunArguments & { readonly rate?: number; readonly loop?: true };

const RATE_MAX = 1_000_000;
/** Each command by itself, so that a rate is one of messages. */
const DEFAULT_PACK = 1;

export function registerPublish(program: Command): void {
  const command = program
    .command('publish')
    .description('send a workload file to a running system')
    .argument('<file>', 'the workload file');
  addRunOptions(command, DEFAULT_PACK)
    .addOption(
      new Option(
        '--rate <n>',
        'commands a second (default: as fast as they are answered)',
      ).argParser(positiveNumber('--rate', RATE_MAX)),
    )
    .option('--loop', 'again and again until Ctrl-C, each time as a run of its own')
    .action(publish);
}

async function publish(given: string, options: Options): Promise<void> {
  const config = readConfig(process.env);
  const file = fromUser(given);
  if (options.loop === true && options.run !== undefined) {
    throw new UsageError('--run names one run, and --loop makes many: give one of them');
  }
  // A file that cannot be read is told whether a system runs or not.
  await measureFile(file);
  const interrupt = onInterrupt(() => say('\nStopping …'));
  const log = openCliLogger(config, 'publish');
  await withRunningSystem(config, async (system) => {
    const pool = openPool({
      url: system.info.producer.databaseUrl,
      name: 'publish-report',
      size: 1,
      log,
    });
    let run = '';
    try {
      do {
        run = runName(options.run);
        say(`${file}, run ${run}`);
        const number = options.number === true;
        const pace = options.rate === undefined ? asFastAsAnswered : atRate(options.rate);
        const { signal } = interrupt;
        const result = await runFile(
          { file, run, pack: options.pack, number, pace, answers: undefined, signal, log },
          system,
        );
        say(`\n${renderSummary(result, { run, cash: await totalCash(pool) })}`);
      } while (options.loop === true);
    } catch (error) {
      if (error instanceof InterruptedError) {
        const number = options.number === true;
        say(`This goes on from there:\n  ${resumeCommand('publish', { file, run, number })}`);
      }
      throw error;
    } finally {
      await pool.end();
    }
  });
}
