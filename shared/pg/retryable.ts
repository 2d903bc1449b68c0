/** Tells errors of the database that may pass by themselves from those that a retry would meet again. */
import { TransientError } from '../runtime/errors.ts';

/** SQLSTATE codes after which the same transaction may succeed. Two characters stand for a whole class. */
const TRANSIENT_CODES: readonly string[] = [
  '40001', // serialization failure
  '40P01', // deadlock detected
  '55P03', // lock not available in time
  '25P03', // idle in transaction for too long
  '57P01', // ended by an administrator
  '57P02', // crash of another backend
  '57P03', // starting up or shutting down
  '57014', // cancelled
  '25006', // read-only: a primary that was demoted
  '58', // system error: a file could not be read or written
  '08', // connection
  '53', // out of disk, memory or connections
];

/** Errors of Node.js and the driver for a lost connection, which have no SQLSTATE. */
const CONNECTION_CODES: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
]);
const CONNECTION_MESSAGES =
  /terminated|timeout|not queryable|Connection ended|Client was closed|Client has encountered/;

const codeOf = (error: Error): string | undefined =>
  'code' in error && typeof error.code === 'string' ? error.code : undefined;

/** Whether the same work may succeed if it is retried. */
export function isTransient(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (error instanceof TransientError) return true;
  const code = codeOf(error);
  if (code === undefined) return CONNECTION_MESSAGES.test(error.message);
  return (
    CONNECTION_CODES.has(code) || TRANSIENT_CODES.some((transient) => code.startsWith(transient))
  );
}

const LOST_CODES: ReadonlySet<string> = new Set(['57P01', '57P02', 'ECONNRESET', 'EPIPE']);

/** Whether the connection ended during the statement. A statement that only reads can then be repeated. */
export function isLostConnection(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = codeOf(error);
  return code === undefined ? error.message.includes('terminated') : LOST_CODES.has(code);
}
