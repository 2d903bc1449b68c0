/** Structured logs: one line an event, with fields. Ids always; secrets and payloads never. */
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
export function openLogger(name: string, level = 'info'): Logger {
  return winston.createLogger({
    level,
    defaultMeta: { process: name },
    format: winston.format.combine(
      flattenError(),
      winston.format.timestamp(),
      winston.format.json(),
    ),
    // winston declares its transports by a conditional type that the rule cannot follow.
    // eslint-disable-next-line @typescript-eslint/no-unsafe-class-instance-assignment
    transports: [new winston.transports.Stream({ stream: process.stderr })],
  });
}
