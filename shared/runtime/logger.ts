/** Structured logs: one line per event, with fields. They have ids, and never secrets or payloads. */
import { Writable } from 'node:stream';
import winston from 'winston';
import type { LogSink } from './log-sink.ts';
import { openRotatingFile } from './rotating-file.ts';

export type LogFields = Readonly<Record<string, unknown>>;

/** The logger of a process. Events are in the past tense: `batch committed`. */
export interface Logger {
  /** Calls `fieldsOf` only if debug lines are logged, because there is a line per message. */
  debug(event: string, fieldsOf?: () => LogFields): void;
  info(event: string, fields?: LogFields): void;
  warn(event: string, fields?: LogFields): void;
  error(event: string, fields?: LogFields): void;
}

/** From the most to the least verbose. Each level includes the events of those after it. */
export const LOG_LEVELS = ['debug', 'info', 'warn', 'error'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** A logger whose level can be changed while it is in use. */
export interface OpenedLogger extends Logger {
  setLevel(level: LogLevel): void;
}

const flattenError = winston.format((entry) => {
  const error = entry['error'];
  if (error instanceof Error) {
    const code = 'code' in error ? error.code : undefined;
    entry['error'] = { message: error.message, code, stack: error.stack };
  }
  return entry;
});

/** Opens the logger of a process, which writes JSON lines to standard error. The supervisor stores them. */
export const openLogger = (name: string, level = 'info'): OpenedLogger =>
  open(name, level, process.stderr);

/** Opens a logger that writes JSON lines to files, standard output or both. */
export const openSinkLogger = (name: string, level: string, sink: LogSink): OpenedLogger =>
  open(name, level, streamTo(sink));

/** Opens a logger that writes JSON lines to a rotated file. */
export const openFileLogger = (
  name: string,
  { level, file }: { readonly level: string; readonly file: string },
): OpenedLogger => open(name, level, streamTo(openRotatingFile(file)));

function streamTo(sink: LogSink): Writable {
  return new Writable({
    decodeStrings: true,
    write: (chunk: Buffer, _encoding, done) => {
      sink.append(chunk);
      done();
    },
  });
}

function open(name: string, level: string, stream: NodeJS.WritableStream): OpenedLogger {
  const logger = winston.createLogger({
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
  const log =
    (method: LogLevel) =>
    (event: string, fields?: LogFields): void =>
      void logger[method](event, fields);
  return {
    // Checked here, because winston renders a line before it drops it.
    debug: (event, fieldsOf) => {
      if (logger.isDebugEnabled()) log('debug')(event, fieldsOf?.());
    },
    info: log('info'),
    warn: log('warn'),
    error: log('error'),
    setLevel: (to) => {
      logger.level = to;
    },
  };
}
