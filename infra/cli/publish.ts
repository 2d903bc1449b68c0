/** `daytrade publish`: sends a workload to a running system. */
import { Option, type Command } from 'commander';
import { asFastAsAnswered, atRate } from '../../producers/workload/pace.ts';
import { openWorkload } from '../../producers/workload/open-workload.ts';
import { readConfig } from '../../shared/runtime/config.ts';
import { onInterrupt } from './interrupt.ts';
import type { UsedSystem } from '../supervisor/use-system.ts';
import { openCliLogger } from './log.ts';
import { positiveNumber } from './numbers.ts';
import { say, writeSummary } from './output.ts';
import { runFile } from './run-file.ts';
import {
  addRunOptions,
  PARTS_ARGUMENT,
  partPaths,
  resumeCommand,
  runName,
  type RunArguments,
} from './run-options.ts';
import { renderReport } from './run-report.ts';
import { renderSummary } from './run-summary.ts';
import { withRunningSystem } from './running-system.ts';
import { UsageError } from '../../shared/runtime/errors.ts';

type Options = RunArguments & {
  readonly rate?: number;
  readonly loop?: true;
};

const RATE_MAX = 1_000_000;
/** One command per message, so that a rate of commands is one of messages. */
const DEFAULT_PACK = 1;

export function registerPublish(program: Command): void {
  const command = program
    .command('publish')
    .description('send a workload to a running system')
    .argument('<parts...>', PARTS_ARGUMENT);
  addRunOptions(command, DEFAULT_PACK)
    .addOption(
      new Option(
        '--rate <n>',
        'commands a second (default: as fast as they are answered)',
      ).argParser(positiveNumber('--rate', RATE_MAX)),
    )
    .option('--loop', 'repeat until Ctrl-C, each time as a new run')
    .action(publish);
}

async function publish(given: readonly string[], options: Options): Promise<void> {
  const config = readConfig(process.env);
  const paths = partPaths(given);
  if (options.loop === true && options.run !== undefined) {
    throw new UsageError('--run names one run, and --loop makes many: give one of them');
  }
  const interrupt = onInterrupt(() => say('\nStopping …'));
  const { signal } = interrupt;
  const number = options.number === true;
  // Reports unreadable input first, whether a system runs or not.
  const workload = await openWorkload(paths, { number, signal });
  const log = openCliLogger(config, 'publish');
  const publishOn = async (system: UsedSystem): Promise<void> => {
    let run = '';
    try {
      do {
        run = runName(options.run);
        say(`${workload.name}, run ${run}`);
        const pace = options.rate === undefined ? asFastAsAnswered : atRate(options.rate);
        const result = await runFile(
          { workload, run, pack: options.pack, pace, answers: undefined, signal, log },
          system,
        );
        await writeSummary((options.json === true ? renderReport : renderSummary)(result, run));
      } while (options.loop === true);
    } catch (error) {
      if (signal.aborted) {
        say(`This goes on from there:\n  ${resumeCommand('publish', { paths, run, number })}`);
      }
      throw error;
    }
  };
  const onGone = (gone: Error): void => interrupt.abort(gone);
  await withRunningSystem(config, publishOn, onGone).finally(workload.close);
}
