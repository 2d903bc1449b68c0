/** Checks an input file before a command does anything. */
import { accessSync, constants, statSync } from 'node:fs';
import { CodedError } from '../../shared/runtime/errors.ts';
import { reasonOf } from './explain-fault.ts';

/** Returns the path. Throws `file-unreadable` if the file cannot be read or is a folder. */
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
