/** Where the log lines of a process go: a rotated file of its own, standard output, or both. */
import { join } from 'node:path';
import { StringDecoder } from 'node:string_decoder';
import { openRotatingFile } from './rotating-file.ts';

export const LOG_TARGETS = ['files', 'stdout', 'both'] as const;
export type LogTarget = (typeof LOG_TARGETS)[number];

export interface LogSink {
  /** A chunk may end within a line. */
  append(chunk: Uint8Array): void;
}

export type SinkOptions = { readonly folder: string; readonly to: LogTarget };

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

/** Whole lines alone, since several processes share the output, and each of them JSON. Exported for its test. */
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

/** What a process says without its logger, such as the stack with which it ends. */
const wrap = (name: string, message: string): string =>
  JSON.stringify({
    ...{ level: 'error', message, process: name, timestamp: new Date().toISOString() },
  });
