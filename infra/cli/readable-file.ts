/** A file that a command is to read, looked at before anything is done. */
import { accessSync, constants, statSync } from 'node:fs';
import { CodedError } from '../../shared/runtime/errors.ts';
import { reasonOf } from './explain-fault.ts';

/** The path itself. Throws where it cannot be read, or is a folder. */
export function readableFile(file: string): string {
  const unreadable = (reason: string, cause?: unknown): CodedError =>
    new CodedError('file-unreadable', `Cannot read ${file}: ${reason}`, { cause });
  try {
    accessSync(file, constants.R_OK);
  } catch (cause) {
    throw unreadable(reasonOf(cause), cause);
  }
  if (statSync(file).isDirectory()) throw unreadable('it is a folder');
  return file;
}
