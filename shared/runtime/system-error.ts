/** Errors of the operating system, as Node.js reports them. */

type SystemError = {
  /** Such as `ENOENT`. */
  readonly code: string;
  /** The call that failed, such as `open`. */
  readonly syscall: string;
  readonly message: string;
};

/** Returns the fields of a system error; undefined if the error is of another kind. */
export function asSystemError(error: unknown): SystemError | undefined {
  if (typeof error !== 'object' || error === null) return undefined;
  if (!('code' in error) || !('syscall' in error) || !('message' in error)) return undefined;
  const { code, syscall, message } = error;
  return typeof code === 'string' && typeof syscall === 'string'
    ? { code, syscall, message: String(message) }
    : undefined;
}
