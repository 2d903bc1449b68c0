/** The options and names that `workload` and `publish` share. */
import { Option, type Command } from 'commander';
import { STANDARD_INPUT } from '../../producers/workload/find-parts.ts';
import { UsageError } from '../../shared/runtime/errors.ts';
import { wholeNumber } from './numbers.ts';
import { fromUser } from './output.ts';
import { newId } from '../../shared/runtime/new-id.ts';
import { OWN_COMMAND, quoteForShell } from '../../shared/runtime/own-command.ts';

/** The most commands in a message; such a message stays well below the consumers' size limit. */
const PACK_MAX = 500;
const RUN_NAME = /^[A-Za-z0-9_.-]{1,64}$/;

export type RunArguments = {
  readonly pack: number;
  readonly number?: true;
  readonly run?: string;
  readonly json?: true;
};

export function addRunOptions(command: Command, defaultPack: number): Command {
  return command
    .addOption(
      new Option('--pack <n>', 'commands per message')
        .default(defaultPack)
        .argParser(wholeNumber('--pack', { least: 1, most: PACK_MAX })),
    )
    .option(
      '--number',
      'number the lines, one part after another, because the files have no numbers',
    )
    .option('--run <name>', 'name the run; the same name again continues an interrupted run')
    .option('--json', 'print the figures of the run as JSON instead of the table');
}

/** Returns the given run name, or a new one. Throws a `UsageError` for an invalid name. */
export function runName(given: string | undefined): string {
  if (given === undefined) return newId();
  if (RUN_NAME.test(given)) return given;
  throw new UsageError(`--run ${given}: expected 1 to 64 of A-Z a-z 0-9 _ . -`);
}

/** The description of the argument of `workload` and `publish`. */
export const PARTS_ARGUMENT =
  'files, .gz files, folders of files, or - for standard input; their lines are merged by number';

/** Resolves paths relative to the user's folder; standard input has no path. */
export const partPaths = (given: readonly string[]): readonly string[] =>
  given.map((path) => (path === STANDARD_INPUT ? path : fromUser(path)));

/** Returns the command line that continues a run. */
export function resumeCommand(
  command: string,
  {
    paths,
    run,
    number,
  }: { readonly paths: readonly string[]; readonly run: string; readonly number: boolean },
): string {
  const pipe = paths.includes(STANDARD_INPUT) ? '… | ' : '';
  const parts = paths.map(quoteForShell).join(' ');
  return `${pipe}${OWN_COMMAND} ${command} ${parts} --run ${run}${number ? ' --number' : ''}`;
}
