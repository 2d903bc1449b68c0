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
/** `hang`: the step never ends, and the process stays alive. */
export type FaultSignal = 'SIGKILL' | 'SIGSTOP' | 'hang';

/** The environment variable that names the folder to the processes of the fault build. */
export const POINTS_FOLDER = 'DAYTRADE_FAULT_POINTS';

/** The environment variable that sets how long an operation may take in the fault build. */
export const LONGEST_MS = 'DAYTRADE_FAULT_LONGEST_MS';

const fileOf = (folder: string, step: FaultStep): string => join(folder, step.replaceAll(' ', '-'));

/** Makes the next process that reaches this step send itself the signal. */
export const plant = (folder: string, step: FaultStep, signal: FaultSignal): void =>
  writeFileSync(fileOf(folder, step), signal);

export const isPlanted = (folder: string, step: FaultStep): boolean =>
  signalAt(fileOf(folder, step)) !== undefined;

/**
 * Strikes if a fault is planted at the step. Removing its file is the claim, so only one of several processes
 * takes it, and none does after a restart. Returns whether the step must hang.
 */
export function reach(folder: string, step: FaultStep): boolean {
  const file = fileOf(folder, step);
  const signal = signalAt(file);
  if (signal === undefined) return false;
  try {
    // `rmSync` would not fail if another process has just removed the file, and both would claim it.
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
    // A file that is still being written is not planted yet.
    return text === '' ? undefined : (text as FaultSignal);
  } catch {
    return undefined;
  }
}
