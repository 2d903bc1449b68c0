/** The kinds of fault. A refusal of a command is a value (`Rejection`), never one of these. */

/** Closed; documented in docs/ERRORS.md. */
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

/** Base of every fault of ours: `code` is stable and documented in docs/ERRORS.md. */
export class CodedError extends Error {
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
    this.code = code;
  }
}

/** Ctrl-C and its kin, or the end that a person asked for in another way: no fault. */
export class InterruptedError extends Error {
  override readonly name: string = 'InterruptedError';
}

/** Bytes that break a contract between processes. The message is parked with the reason. */
export class ContractError extends CodedError {}

/** What parks a message: whatever was thrown while it was read. */
export function asContractError(error: unknown): ContractError {
  if (error instanceof ContractError) return error;
  const reason = `reading it failed: ${error instanceof Error ? error.message : String(error)}`;
  return new ContractError('message-unreadable', reason, { cause: error });
}

/** A fault that passes: the work is held and tried again with backoff. */
export class TransientError extends CodedError {}

/** A defect: what was being done is rolled back and reported, never papered over. */
export class InvariantError extends CodedError {
  constructor(message: string, options?: ErrorOptions) {
    super('invariant-broken', message, options);
  }
}

/** The environment or a given service is not usable: exit 78 before any work is taken. */
export class ConfigError extends CodedError {
  constructor(message: string, options?: ErrorOptions) {
    super('config-invalid', message, options);
  }
}

/** The command line is not one we know: exit 64. */
export class UsageError extends CodedError {
  constructor(message: string, options?: ErrorOptions) {
    super('usage-invalid', message, options);
  }
}

/** Set-up cannot go on. `lines` tell the user what happened and what to do, three at most. */
export class SetUpError extends CodedError {
  readonly lines: readonly string[];

  constructor(lines: readonly string[], options?: ErrorOptions) {
    super('set-up-failed', lines.join('\n'), options);
    this.lines = lines;
  }
}
