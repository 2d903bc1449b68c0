/** The sink of a process's log lines: a rotated file of its own, standard output, or both. */
import { join } from 'node:path';
import { StringDecoder } from 'node:string_decoder';
import { openRotatingFile } from './rotating-file.ts';

export const LOG_TARGETS = ['files', 'stdout', 'both'] as const;
export type LogTarget = (typeof LOG_TARGETS)[number];

export interface LogSink {
  /** Appends bytes; a chunk may end within a line. */
  append(chunk: Uint8Array): void;
}

type SinkOptions = { readonly folder: string; readonly to: LogTarget };

/** Opens the sink of the process `name`. Its file is `name.log` in `folder`. */
export function openLogSink(name: string, { folder, to }: SinkOptions): LogSink {
  const file = to === 'stdout' ? undefined : openRotatingFile(join(folder, `${name}.log`));
  const print =
    to === 'files' ? undefined : openPrinter(name, (line) => process.stdout.write(line));
  return {
    append: (chunk) => {
      file?.append(chunk);
      print?.(chunk);
    },
  };
}

/**
 * Returns a function that writes whole lines only, because several processes share the output, and wraps
 * lines that are not JSON. Exported for its test.
 */
export function openPrinter(
  name: string,
  write: (line: string) => void,
): (chunk: Uint8Array) => void {
  const decoder = new StringDecoder('utf8');
  let begun = '';
  return (chunk) => {
    const lines = (begun + decoder.write(chunk)).split('\n');
    begun = lines.pop() ?? '';
    for (const line of lines) {
      if (line !== '') write(`${line.startsWith('{') ? line : wrap(name, line)}\n`);
    }
  };
}

/** Wraps a line that did not come from the logger, such as the stack of an uncaught error, in JSON. */
const wrap = (name: string, message: string): string =>
  JSON.stringify({
    ...{ level: 'error', message, process: name, timestamp: new Date().toISOString() },
  });
