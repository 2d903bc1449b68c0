/** The JSON lines of log files, read back. */
import { closeSync, fstatSync, openSync, readSync, statSync } from 'node:fs';

export type LogLine = {
  readonly at: string;
  readonly level: string;
  readonly process: string;
  readonly event: string;
  readonly fields: Readonly<Record<string, unknown>>;
};

/** Undefined for what is none of ours, such as what Node says when it ends by itself. */
export function parseLogLine(text: string): LogLine | undefined {
  if (!text.startsWith('{')) return undefined;
  try {
    const { timestamp, level, process, message, ...fields } = JSON.parse(text) as Record<
      string,
      unknown
    >;
    if (typeof timestamp !== 'string' || typeof level !== 'string') return undefined;
    return { at: timestamp, level, process: textOf(process), event: textOf(message), fields };
  } catch {
    return undefined;
  }
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

const LAST_LINE_BYTES_MAX = 16_384;

/** The last line of a log, for people. */
export const lastLineOf = (path: string): string =>
  describeLine(readTail(path, LAST_LINE_BYTES_MAX).at(-1) ?? '');

/** The same of what is written from now on: what an earlier run wrote last explains nothing. */
export function followLastLine(path: string): () => string {
  const from = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  return () => {
    const added = (statSync(path, { throwIfNoEntry: false })?.size ?? 0) - from;
    // With the end of the line before: what is cut off at the front is no line.
    return describeLine(readTail(path, Math.min(added + 1, LAST_LINE_BYTES_MAX)).at(-1) ?? '');
  };
}

/** A line of a log, for people: the event and its error where it is one of ours. */
export function describeLine(text: string): string {
  if (text.trim() === '') return 'nothing';
  const line = parseLogLine(text);
  if (line === undefined) return text.trim();
  const { error } = line.fields as { readonly error?: { readonly message?: unknown } };
  return [line.event, textOf(error?.message)].filter((part) => part !== '').join(': ');
}

/** The whole lines within the last bytes of a file; none where it does not exist. */
export function readTail(path: string, bytesMax: number): readonly string[] {
  try {
    const file = openSync(path, 'r');
    try {
      const { size } = fstatSync(file);
      const length = Math.min(size, bytesMax);
      const buffer = Buffer.alloc(length);
      readSync(file, buffer, 0, length, size - length);
      const lines = buffer.toString('utf8').split('\n');
      return (length < size ? lines.slice(1) : lines).filter((line) => line !== '');
    } finally {
      closeSync(file);
    }
  } catch {
    return [];
  }
}
