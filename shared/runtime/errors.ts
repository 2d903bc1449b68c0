/** The classes of errors. The rejection of a command is a value (`Rejection`), not an error. */

/** All codes of errors, documented in docs/ERRORS.md. */
export const ERROR_CODES = [
  'message-unreadable',
  'message-version-unknown',
  'message-wrong-shard',
  'message-perhaps-done',
  'broker-unavailable',
  'database-unavailable',
  'quote-server-failed',
  'invariant-broken',
  'config-invalid',
  'usage-invalid',
  'file-unreadable',
  'data-folder-missing',
  'workload-invalid',
  'file-unwritable',
  'set-up-failed',
  'service-unavailable',
  'run-name-taken',
  'system-not-running',
  'system-foreign',
  'not-finished',
] as const;

export type ErrorCode = (typeof ERROR_CODES)[number];

/** The base class of the product's own errors. `code` is stable and documented in docs/ERRORS.md. */
export class CodedError extends Error {
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
    this.code = code;
  }
}

/** Thrown when a person ends the work, by Ctrl-C, another signal or another request. It is no fault. */
export class InterruptedError extends Error {
  override readonly name: string = 'InterruptedError';
}

/** Thrown for a message that breaks a contract between processes. The message is parked with the reason. */
export class ContractError extends CodedError {}

/** Converts any error thrown while a message was parsed to the `ContractError` with which it is parked. */
export function asContractError(error: unknown): ContractError {
  if (error instanceof ContractError) return error;
  const reason = `reading it failed: ${error instanceof Error ? error.message : String(error)}`;
  return new ContractError('message-unreadable', reason, { cause: error });
}

/** Thrown for a fault that may pass by itself. The caller keeps the work and retries it with backoff. */
export class TransientError extends CodedError {}

/** Thrown if the configuration or a given service is not usable. The process exits with 78 at its start. */
export class ConfigError extends CodedError {
  constructor(message: string, options?: ErrorOptions) {
    super('config-invalid', message, options);
  }
}

/** Thrown for an invalid command line. The process exits with 64. */
export class UsageError extends CodedError {
  constructor(message: string, options?: ErrorOptions) {
    super('usage-invalid', message, options);
  }
}

/** Thrown if the set-up fails. `lines`, at most three, say what happened and what the user can do. */
export class SetUpError extends CodedError {
  readonly lines: readonly string[];

  constructor(lines: readonly string[], options?: ErrorOptions) {
    super('set-up-failed', lines.join('\n'), options);
    this.lines = lines;
  }
}
