/** What a fault means for whoever called the command: sysexits' codes where one fits. */
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

/** 1 is whatever was not done for another reason. */
export function exitCodeOf(error: unknown): number {
  if (error instanceof InterruptedError) return INTERRUPTED;
  if (error instanceof ClosedOutputError) return 0;
  // Commander ends so after it has shown help, too.
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : USAGE;
  return OF_CODE[explainFault(error).code] ?? 1;
}

/** The lines that tell a person what happened and what to do. */
export function linesOf(error: unknown): readonly string[] {
  const isTold = [InterruptedError, ClosedOutputError, CommanderError].some(
    (kind) => error instanceof kind,
  );
  if (isTold) return [];
  const fault = explainFault(error);
  const lines = fault instanceof SetUpError ? fault.lines : fault.message.split('\n');
  const isDebugging = process.env['LOG_LEVEL'] === 'debug';
  return isDebugging && error instanceof Error ? [...lines, error.stack ?? ''] : lines;
}

/** Whether nothing is left to be done: everything that was opened is closed, or belongs to a system that is gone. */
export const endsAtOnce = (error: unknown): boolean =>
  error instanceof InterruptedError ||
  (error instanceof CodedError && ['system-not-running', 'not-finished'].includes(error.code));
