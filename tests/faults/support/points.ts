/** Steps of a transaction consumer at which a test makes something happen to the process, once. */
import { readFileSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export const STEPS = [
  'before the transaction',
  'inside the transaction',
  'before the commit',
  'after the commit',
  'after the audit publish',
  'after the replies',
  'before the ack',
] as const;
export type FaultStep = (typeof STEPS)[number];
/** `hang` = the step never ends, and the process lives on. */
export type FaultSignal = 'SIGKILL' | 'SIGSTOP' | 'hang';

/** The folder is known to the processes of the fault build by this variable. */
export const POINTS_FOLDER = 'DAYTRADE_FAULT_POINTS';

/** How long an operation may take, in the fault build, where it is set. */
export const LONGEST_MS = 'DAYTRADE_FAULT_LONGEST_MS';

const fileOf = (folder: string, step: FaultStep): string => join(folder, step.replaceAll(' ', '-'));

/** The next process that comes to this step sends itself the signal. */
export const plant = (folder: string, step: FaultStep, signal: FaultSignal): void =>
  writeFileSync(fileOf(folder, step), signal);

export const isPlanted = (folder: string, step: FaultStep): boolean =>
  signalAt(fileOf(folder, step)) !== undefined;

/**
 * Removing the file is the claim: of several processes one takes it, and after a restart none does.
 * Gives whether the step is to hang.
 */
export function reach(folder: string, step: FaultStep): boolean {
  const file = fileOf(folder, step);
  const signal = signalAt(file);
  if (signal === undefined) return false;
  try {
    // Not `rmSync`: it says nothing where another process has just removed the file, and both would claim it.
    unlinkSync(file);
  } catch {
    return false;
  }
  if (signal === 'hang') return true;
  process.kill(process.pid, signal);
  return false;
}

function signalAt(file: string): FaultSignal | undefined {
  try {
    const text = readFileSync(file, 'utf8');
    // One that is just being written is not planted yet.
    return text === '' ? undefined : (text as FaultSignal);
  } catch {
    return undefined;
  }
}
