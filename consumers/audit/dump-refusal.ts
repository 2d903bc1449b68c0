/** The reason why a dump can never be written. Its text goes to the requester and names no host path. */

import { isTransient } from '../../shared/pg/retryable.ts';
import { asSystemError } from '../../shared/runtime/system-error.ts';

/** Documented in docs/ERRORS.md. */
type DumpRefusalCode = 'dump-failed' | 'dump-quota-exceeded';

/** A permanent failure of a dump; its message is for the requester. */
export class DumpRefusal extends Error {
  override readonly name: string = 'DumpRefusal';
  readonly code: DumpRefusalCode;

  constructor(code: DumpRefusalCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** Reasons by file system error code, for errors that remain however often the dump is retried. */
const REASONS: Readonly<Record<string, string>> = {
  ENOTDIR: 'a part of its path is a file, not a folder',
  EEXIST: 'a part of its path is a file, not a folder',
  EISDIR: 'a folder has this name',
  ENOTEMPTY: 'a folder has this name',
  ENAMETOOLONG: 'the path is too long for the disk',
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk quota of the system is used up',
  EFBIG: 'the file would be larger than the disk allows',
  EACCES: 'the system may not write there',
  EPERM: 'the system may not write there',
  EROFS: 'the disk is read-only',
  EILSEQ: 'the disk does not take this name',
  EINVAL: 'the disk does not take this name',
  ELOOP: 'the path has too many symbolic links',
  EXDEV: 'the dump folder is spread over several disks',
  EIO: 'the disk reports an error',
};

/** Codes of transient errors. `ENOENT` means that another process took the dump and removed the file. */
const PASSING: ReadonlySet<string> = new Set([
  ...['EMFILE', 'ENFILE', 'EBUSY', 'EAGAIN', 'EINTR', 'ENOMEM'],
  ...['ENOENT'],
]);

/** Returns the refusal for a permanent fault; undefined if writing again may succeed. */
export function dumpRefusal(error: unknown): DumpRefusal | undefined {
  if (error instanceof DumpRefusal) return error;
  const code = asSystemError(error)?.code;
  if (isTransient(error) || (code !== undefined && PASSING.has(code))) return undefined;
  const reason =
    code === undefined
      ? 'the log cannot be read, and the log files of the audit process say why'
      : (REASONS[code] ?? `the disk refuses it (${code})`);
  return new DumpRefusal('dump-failed', reason, { cause: error });
}
