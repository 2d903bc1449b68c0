/** Structured logs: one line an event, with fields. Ids always; secrets and payloads never. */
import { createWriteStream } from 'node:fs';
import winston from 'winston';

export type LogFields = Readonly<Record<string, unknown>>;

/** What the shells log with. Events are written in the past tense: `batch committed`. */
export interface Logger {
  debug(event: string, fields?: LogFields): void;
  info(event: string, fields?: LogFields): void;
  warn(event: string, fields?: LogFields): void;
  error(event: string, fields?: LogFields): void;
}

const flattenError = winston.format((entry) => {
  const error = entry['error'];
  if (error instanceof Error) {
    const code = 'code' in error ? error.code : undefined;
    entry['error'] = { message: error.message, code, stack: error.stack };
  }
  return entry;
});

/** Opens the logger of one process: JSON lines on standard error, which the supervisor keeps. */
export const openLogger = (name: string, level = 'info'): Logger =>
  open(name, level, process.stderr);

/** Opens a logger that writes JSON lines to a file. */
export const openFileLogger = (
  name: string,
  { level, file }: { readonly level: string; readonly file: string },
): Logger => open(name, level, createWriteStream(file, { flags: 'a' }));

const open = (name: string, level: string, stream: NodeJS.WritableStream): Logger =>
  winston.createLogger({
    level,
    defaultMeta: { process: name },
    format: winston.format.combine(
      flattenError(),
      winston.format.timestamp(),
      winston.format.json(),
    ),
    // winston declares its transports by a conditional type that the rule cannot follow.
    // eslint-disable-next-line @typescript-eslint/no-unsafe-class-instance-assignment
    transports: [new winston.transports.Stream({ stream })],
  });
