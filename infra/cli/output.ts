/** Progress goes to standard error; results, summaries included, to standard output or a file. */
import { resolve } from 'node:path';
import { CodedError } from '../../shared/runtime/errors.ts';

export const say = (line: string): void => void process.stderr.write(`${line}\n`);

/** What Node says of output that nobody reads, the first time and after. */
export const CLOSED_OUTPUT: ReadonlySet<string> = new Set(['EPIPE', 'ERR_STREAM_DESTROYED']);

/** The reader of our standard output has enough of it: no fault, but nothing more is to be done. */
export class ClosedOutputError extends Error {
  override readonly name: string = 'ClosedOutputError';
}

/** Writes what programs read. Resolves when there is room for more. */
export async function writeOut(text: string | Uint8Array): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    process.stdout.write(text, (error) => {
      if (error === null || error === undefined) resolve();
      else if ('code' in error && !CLOSED_OUTPUT.has(String(error.code))) reject(unwritten(error));
      else reject(new ClosedOutputError('nobody reads standard output', { cause: error }));
    });
  });
}

/** Writes what a run came to. A reader who has gone is no fault: the run still writes its files. */
export async function writeSummary(text: string): Promise<void> {
  say('');
  try {
    await writeOut(`${text}\n`);
  } catch (error) {
    if (!(error instanceof ClosedOutputError)) throw error;
  }
}

export const unwritten = (cause: Error, name = 'standard output'): CodedError =>
  new CodedError('not-finished', `Cannot write ${name}: ${cause.message}`, { cause });

/** Whether a stream is a terminal that takes colours and moves of the cursor. */
export const canDraw = ({ isTTY }: { readonly isTTY: boolean }): boolean =>
  isTTY && process.env['TERM'] !== 'dumb';

/** Relative paths count from where the user stands: `npm run` and `npx` change the folder. */
export const fromUser = (path: string): string => resolve(process.env['INIT_CWD'] ?? '', path);

/** Rows of label and value, the values in one column. */
export function table(rows: readonly (readonly [label: string, value: string])[]): string {
  const width = Math.max(...rows.map(([label]) => label.length));
  return rows.map(([label, value]) => `  ${label.padEnd(width)}  ${value}`).join('\n');
}

export const dollars = (cents: bigint): string => {
  const digits = cents.toString().padStart(3, '0');
  const whole = digits.slice(0, -2).replace(/\B(?=(\d{3})+$)/g, ',');
  return `$${whole}.${digits.slice(-2)}`;
};

export const count = (value: number): string => value.toLocaleString('en-US');
