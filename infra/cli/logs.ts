/** `daytrade logs`: shows the processes' logs to people. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import { readConfig } from '../../shared/runtime/config.ts';
import { InterruptedError, UsageError } from '../../shared/runtime/errors.ts';
import { followFile } from '../host/follow-file.ts';
import { parseLogLine, readTail } from '../host/log-lines.ts';
import { renderLogLine } from '../operations/render-log-line.ts';
import { onInterrupt, untilAborted } from './interrupt.ts';
import { wholeNumber } from './numbers.ts';
import { canDraw, writeOut } from './output.ts';

type Options = { readonly follow?: true; readonly lines: number; readonly of?: string };

const LINES_MAX = 100_000;
const DEFAULT_LINES = 50;
const TAIL_BYTES = 20_000_000;

export function registerLogs(program: Command): void {
  program
    .command('logs')
    .description('show what the processes logged')
    .argument('[name]', 'only this process or pool, such as transaction-1 or transaction')
    .option('-f, --follow', 'show new lines too, until Ctrl-C')
    .option('-n, --lines <n>', 'how many lines', parseLines, DEFAULT_LINES)
    .option('--of <id>', 'only lines with this id of a stream, message or user')
    .action(logs);
}

const parseLines = (text: string): number =>
  wholeNumber('--lines', { least: 0, most: LINES_MAX })(text);

async function logs(name: string | undefined, options: Options): Promise<void> {
  const { home } = readConfig(process.env);
  const folder = join(home, 'logs');
  const files = logFiles(folder, name);
  const { follow, of: id, lines } = options;
  const isWanted = (text: string): boolean => id === undefined || text.includes(id);
  const show = async (text: string): Promise<void> => {
    if (isWanted(text)) await writeOut(`${renderLogLine(text, canDraw(process.stdout))}\n`);
  };
  for (const line of lines > 0 ? inOrder(files, isWanted).slice(-lines) : []) await show(line);
  if (follow !== true) return;
  const interrupt = onInterrupt();
  // Stops following when standard output has no reader any more.
  const giveUp = (error: unknown): void => interrupt.abort(error);
  const followed = files.map((path) => followFile(path, (line) => void show(line).catch(giveUp)));
  await untilAborted(interrupt.signal);
  followed.forEach((end) => end());
  const { reason } = interrupt.signal as { readonly reason: unknown };
  if (!(reason instanceof InterruptedError)) throw reason;
}

function logFiles(folder: string, name: string | undefined): readonly string[] {
  const all = namesIn(folder);
  const wanted = all.filter(
    (file) => name === undefined || file === `${name}.log` || file.startsWith(`${name}-`),
  );
  if (wanted.length > 0) return wanted.map((file) => join(folder, file));
  const known = all.map((file) => file.slice(0, -'.log'.length)).join(', ');
  throw new UsageError(
    all.length === 0
      ? `There are no logs in ${folder} yet.`
      : `There is no log of ${name ?? ''}; there are: ${known}`,
  );
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder)
      .filter((file) => file.endsWith('.log'))
      .sort();
  } catch {
    return [];
  }
}

/** Merges the lines of all files by time; a line without a time stays with the line before it. */
function inOrder(files: readonly string[], isWanted: (text: string) => boolean): readonly string[] {
  const timed = files.flatMap((path) => {
    let at = '';
    return readTail(path, TAIL_BYTES / files.length)
      .filter(isWanted)
      .map((text) => {
        at = parseLogLine(text)?.at ?? at;
        return { at, text };
      });
  });
  return timed
    .sort((one, other) => (one.at < other.at ? -1 : one.at > other.at ? 1 : 0))
    .map(({ text }) => text);
}
