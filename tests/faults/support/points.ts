/** Steps of a transaction consumer at which a test makes something happen to the process, once. */
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
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
export type FaultSignal = 'SIGKILL' | 'SIGSTOP';

/** The folder is known to the processes of the fault build by this variable. */
export const POINTS_FOLDER = 'DAYTRADE_FAULT_POINTS';

const fileOf = (folder: string, step: FaultStep): string => join(folder, step.replaceAll(' ', '-'));

/** The next process that comes to this step sends itself the signal. */
export const plant = (folder: string, step: FaultStep, signal: FaultSignal): void =>
  writeFileSync(fileOf(folder, step), signal);

export const isPlanted = (folder: string, step: FaultStep): boolean =>
  signalAt(fileOf(folder, step)) !== undefined;

/** Removing the file is the claim: of several processes one takes it, and after a restart none does. */
export function reach(folder: string, step: FaultStep): void {
  const file = fileOf(folder, step);
  const signal = signalAt(file);
  if (signal === undefined) return;
  try {
    rmSync(file);
  } catch {
    return;
  }
  process.kill(process.pid, signal);
}

function signalAt(file: string): FaultSignal | undefined {
  try {
    return readFileSync(file, 'utf8') === 'SIGSTOP' ? 'SIGSTOP' : 'SIGKILL';
  } catch {
    return undefined;
  }
}
