/**
 * Writes progress to standard error, and results, summaries included, to standard output or a file.
 */
import { resolve } from 'node:path';
import { CENTS_PER_HIT } from '../../shared/domain/quote.ts';
import { CodedError } from '../../shared/runtime/errors.ts';

export const say = (line: string): void => void process.stderr.write(`${line}\n`);

/** Node's error codes for output that has no reader: of the first write, and of later ones. */
export const CLOSED_OUTPUT: ReadonlySet<string> = new Set(['EPIPE', 'ERR_STREAM_DESTROYED']);

/** Standard output has no reader any more. This is no fault, but the command need not go on. */
export class ClosedOutputError extends Error {
  override readonly name: string = 'ClosedOutputError';
}

/**
 * Writes results to standard output; resolves when there is room for more. Rejects with
 * `ClosedOutputError` if there is no reader.
 */
export async function writeOut(text: string | Uint8Array): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    process.stdout.write(text, (error) => {
      if (error === null || error === undefined) resolve();
      else if ('code' in error && !CLOSED_OUTPUT.has(String(error.code))) reject(unwritten(error));
      else reject(new ClosedOutputError('nobody reads standard output', { cause: error }));
    });
  });
}

/** Writes the summary of a run. Ignores a missing reader: the run still has to write its files. */
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

/** Returns whether a stream is a terminal that supports colours and cursor movement. */
export const canDraw = ({ isTTY }: { readonly isTTY: boolean }): boolean =>
  isTTY && process.env['TERM'] !== 'dumb';

/**
 * Resolves a path relative to the user's folder: `npm run` and `npx` change the working directory.
 */
export const fromUser = (path: string): string => resolve(process.env['INIT_CWD'] ?? '', path);

/** Renders rows of label and value, with the values aligned. */
export function table(rows: readonly (readonly [label: string, value: string])[]): string {
  const width = Math.max(...rows.map(([label]) => label.length));
  return rows.map(([label, value]) => `  ${label.padEnd(width)}  ${value}`).join('\n');
}

export const dollars = (cents: bigint): string => {
  const digits = cents.toString().padStart(3, '0');
  const whole = digits.slice(0, -2).replace(/\B(?=(\d{3})+$)/g, ',');
  return `$${whole}.${digits.slice(-2)}`;
};

/** Renders what a number of hits on the legacy server costs. */
export const hitCost = (hits: number): string => dollars(BigInt(hits * CENTS_PER_HIT));

export const count = (value: number): string => value.toLocaleString('en-US');

/** `1 user`, `1,200 users`. */
export const plural = (number: number, noun: string): string =>
  `${count(number)} ${noun}${number === 1 ? '' : 's'}`;
