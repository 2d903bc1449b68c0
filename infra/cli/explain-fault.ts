/**
 * Explains errors of Node, a driver or a service in one line for the person at the terminal: what
 * failed, where, and what to do. Commands do not catch such errors; all of them end here. Pure.
 */
import { CodedError, TransientError } from '../../shared/runtime/errors.ts';
import { OWN_COMMAND } from '../../shared/runtime/own-command.ts';

/** Descriptions of the errors that an operator can correct. */
const REASONS: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EADDRINUSE: 'the address is in use',
  EADDRNOTAVAIL: 'no network interface of this machine has the address',
  EAI_AGAIN: 'the name server does not answer',
  ECONNREFUSED: 'connection refused',
  ECONNRESET: 'the connection was reset',
  EDQUOT: 'the disk quota is used up',
  EEXIST: 'it exists already',
  EHOSTUNREACH: 'the host cannot be reached',
  EISDIR: 'it is a folder',
  ELOOP: 'a link leads back to itself',
  EMFILE: 'too many files are open (ulimit -n)',
  ENAMETOOLONG: 'the name is too long',
  ENETUNREACH: 'the network cannot be reached',
  ENOENT: 'it does not exist',
  ENOSPC: 'no space is left on the disk',
  ENOTDIR: 'a part of the path is not a folder',
  ENOTEMPTY: 'the folder is not empty',
  ENOTFOUND: 'the host name is unknown',
  ENXIO: 'nothing is behind the file',
  EPERM: 'not permitted',
  EPIPE: 'the connection was closed',
  EROFS: 'the file system is read-only',
  ETIMEDOUT: 'no answer in time',
  ETXTBSY: 'it is in use',
};

const NETWORK = /^(E(CONN|HOST|NET|TIMEDOUT|PIPE|ADDR)|ENOTFOUND$|EAI_)/;

/** Reasons for refusals by the database, by SQLSTATE or its first characters. */
const REFUSALS: readonly (readonly [state: string, reason: string, isConfig: boolean])[] = [
  ['28', 'does not take this user and password', true],
  ['3D000', 'is not there', true],
  ['3F000', 'holds no schema of this system', true],
  ['42P01', 'holds no tables of this system', true],
  ['42501', 'denies its user this', true],
  ['53300', 'has no connection to spare: raise max_connections, or stop other clients', false],
  ['53', 'is out of disk or memory', false],
  ['57P', 'is starting or stopping: try again', false],
  ['25006', 'is a standby, or read-only', false],
];

/** Messages of the database driver about a lost connection; these errors have no code. */
const LOST_DATABASE =
  /^(Connection terminated|timeout expired|timeout exceeded when trying to connect|Client (has|was) |Connection ended)/;
/** Messages of the broker driver, and ours about a broker; these errors have no code either, or a number. */
const LOST_BROKER =
  /(Operation failed|Channel (closed|ended)|Connection clos|Handshake terminated|opening handshake|IllegalOperation|Heartbeat timeout|^the broker )/i;

/** Returns a coded error unchanged, and any other fault as one. */
export function explainFault(error: unknown): CodedError {
  const root = rootOf(error);
  // Explains the cause of a transient error: its own message is the driver's, which names neither
  // service nor variable.
  if (isUnnamed(root)) return explainFault(root.cause);
  if (root instanceof CodedError) return root;
  const options = { cause: error };
  const { code = '', dest, address, port, severity, syscall } = fieldsOf(root);
  // For a file that is written under a temporary name and renamed, names the destination, which the
  // operator knows.
  const path = dest ?? fieldsOf(root).path;
  if (severity !== undefined) return refusedByDatabase(code, reasonOf(root), options);
  if (syscall === 'listen') {
    const text = `Cannot listen at ${address ?? ''}:${port ?? ''}: ${reasonOf(root)}. Set BIND or the port otherwise`;
    return new CodedError('config-invalid', text, options);
  }
  if (path !== undefined && !NETWORK.test(code)) {
    const act = syscall === 'scandir' ? 'read' : 'use';
    const text = `Cannot ${act} ${path}: ${reasonOf(root)}. Mend that, or name another path`;
    return new CodedError('not-finished', text, options);
  }
  if (NETWORK.test(code) || LOST_DATABASE.test(reasonOf(root))) {
    const where = address === undefined ? '' : ` at ${address}:${port ?? ''}`;
    const text = `The database${where} (DATABASE_URL) does not answer: ${reasonOf(root)}. ${SEE_STATUS}`;
    return new CodedError('database-unavailable', text, options);
  }
  if (LOST_BROKER.test(reasonOf(root))) {
    const text = `The broker (AMQP_URL) does not do this: ${reasonOf(root)}. ${SEE_STATUS}`;
    return new CodedError('broker-unavailable', text, options);
  }
  if (code in REASONS) return new CodedError('not-finished', reasonOf(root), options);
  const text = `A defect of this program: ${reasonOf(root)}. LOG_LEVEL=debug shows where; please report it`;
  return new CodedError('not-finished', text, options);
}

const isUnnamed = (error: unknown): error is TransientError & { readonly cause: Error } =>
  error instanceof TransientError &&
  error.code === 'database-unavailable' &&
  error.cause instanceof Error &&
  !error.message.includes('DATABASE_URL');

const SEE_STATUS = `See that it runs: ${OWN_COMMAND} status`;

function refusedByDatabase(state: string, said: string, options: ErrorOptions): CodedError {
  const [, reason, isConfig] = REFUSALS.find(([start]) => state.startsWith(start)) ?? [];
  if (reason === undefined) {
    const text = `The database (DATABASE_URL) refused it: ${said} (SQLSTATE ${state})`;
    return new CodedError('not-finished', text, options);
  }
  const code = isConfig === true ? 'config-invalid' : 'database-unavailable';
  return new CodedError(code, `The database (DATABASE_URL) ${reason}: ${said}`, options);
}

/** Returns the first line of the message, or our own description of its code. */
export function reasonOf(error: unknown): string {
  const { code = '', message } = fieldsOf(error);
  const known = REASONS[code];
  if (known !== undefined) return known;
  const [first = ''] = (message ?? String(error)).split('\n');
  return first === '' ? 'it gave no reason' : first;
}

/**
 * Returns the error with the actual reason: Node stores it in the cause of `fetch failed`, and in
 * the parts of an `AggregateError`.
 */
function rootOf(error: unknown): unknown {
  if (error instanceof AggregateError && error.errors.length > 0) return rootOf(error.errors[0]);
  if (error instanceof TypeError && error.cause !== undefined) return rootOf(error.cause);
  return error;
}

type Fields = {
  readonly code?: string;
  readonly message?: string;
  readonly path?: string;
  readonly dest?: string;
  readonly syscall?: string;
  readonly address?: string;
  readonly port?: number;
  /** Only errors of the database have this field. */
  readonly severity?: string;
};

function fieldsOf(error: unknown): Fields {
  return typeof error === 'object' && error !== null ? error : {};
}
