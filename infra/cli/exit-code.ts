/** Maps faults to exit codes, from sysexits.h where one fits, and to lines for the terminal. */
import { CommanderError } from 'commander';
import {
  CodedError,
  InterruptedError,
  SetUpError,
  type ErrorCode,
} from '../../shared/runtime/errors.ts';
import { explainFault } from './explain-fault.ts';
import { ClosedOutputError } from './output.ts';

const USAGE = 64;
const DATA_INVALID = 65;
const NO_INPUT = 66;
const UNAVAILABLE = 69;
const CANNOT_CREATE = 73;
const NO_PERMISSION = 77;
const CONFIG = 78;
const INTERRUPTED = 130;

const OF_CODE: Partial<Readonly<Record<ErrorCode, number>>> = {
  'usage-invalid': USAGE,
  'run-name-taken': USAGE,
  'file-unreadable': NO_INPUT,
  'data-folder-missing': NO_INPUT,
  'workload-invalid': DATA_INVALID,
  'file-unwritable': CANNOT_CREATE,
  'config-invalid': CONFIG,
  'set-up-failed': CONFIG,
  'service-unavailable': UNAVAILABLE,
  'system-foreign': NO_PERMISSION,
};

/** Returns the exit code; 1 for every fault without a code of its own. */
export function exitCodeOf(error: unknown): number {
  if (error instanceof InterruptedError) return INTERRUPTED;
  if (error instanceof ClosedOutputError) return 0;
  // Commander throws after it has shown help, too.
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : USAGE;
  return OF_CODE[explainFault(error).code] ?? 1;
}

/**
 * Returns lines that say what happened and what to do; none for an interrupt, for output without a
 * reader, and for an error that Commander has printed.
 */
export function renderFault(error: unknown): readonly string[] {
  const isTold = [InterruptedError, ClosedOutputError, CommanderError].some(
    (kind) => error instanceof kind,
  );
  if (isTold) return [];
  const fault = explainFault(error);
  const lines = fault instanceof SetUpError ? fault.lines : fault.message.split('\n');
  const isDebugging = process.env['LOG_LEVEL'] === 'debug';
  return isDebugging && error instanceof Error ? [...lines, error.stack ?? ''] : lines;
}

/**
 * Returns whether the command may exit at once: everything that it opened is closed, or belongs to
 * a system that is gone.
 */
export const endsAtOnce = (error: unknown): boolean =>
  error instanceof InterruptedError ||
  (error instanceof CodedError && ['system-not-running', 'not-finished'].includes(error.code));
