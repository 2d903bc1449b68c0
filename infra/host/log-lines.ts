/** Reads the JSON lines of log files. */
import { closeSync, fstatSync, openSync, readSync, statSync } from 'node:fs';

export type LogLine = {
  readonly at: string;
  readonly level: string;
  readonly process: string;
  readonly event: string;
  readonly fields: Readonly<Record<string, unknown>>;
};

/** Returns undefined for a line that is not in our format, such as output of Node itself. */
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

/** Returns the last line of a log, rendered for people. */
export const lastLineOf = (path: string): string =>
  describeLine(readTail(path, LAST_LINE_BYTES_MAX).at(-1) ?? '');

/**
 * Returns a function for the last line written from now on, because the last line of an earlier run
 * explains nothing.
 */
export function followLastLine(path: string): () => string {
  const from = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  return () => {
    const added = (statSync(path, { throwIfNoEntry: false })?.size ?? 0) - from;
    // Reads one byte more, the end of the previous line: `readTail` drops the first, incomplete
    // line.
    return describeLine(readTail(path, Math.min(added + 1, LAST_LINE_BYTES_MAX)).at(-1) ?? '');
  };
}

/** Renders a log line for people: for our format, the event and its error. */
export function describeLine(text: string): string {
  if (text.trim() === '') return 'nothing';
  const line = parseLogLine(text);
  if (line === undefined) return text.trim();
  const { error } = line.fields as { readonly error?: { readonly message?: unknown } };
  return [line.event, textOf(error?.message)].filter((part) => part !== '').join(': ');
}

/** Returns the complete lines within the last bytes of a file; none if it does not exist. */
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
