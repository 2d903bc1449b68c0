/**
 * Finds the state of a data folder: a usable system, an unusable one, remains of a killed one, or
 * nothing.
 */
import { execFileSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { dirname } from 'node:path';
import { OWN_COMMAND } from '../../shared/runtime/own-command.ts';
import { leftProcessesOf, type LeftProcess } from '../services/private/left-behind.ts';
import {
  askControl,
  readControl,
  type RunningSystem,
} from '../../shared/control/control-client.ts';
import type { Phase } from '../../shared/control/system-info.ts';
import { lockHolderOf } from './data-folder-lock.ts';
import { readStartFailure, type StartFailure } from './start-failure.ts';

export type SystemState =
  | { readonly is: 'running'; readonly system: RunningSystem }
  /** The control server answers, but the system cannot be used yet or any more. */
  | { readonly is: Exclude<Phase, 'running'>; readonly pid: number; readonly stop: Stop }
  /** The process of the system is alive, but does not answer. */
  | { readonly is: 'silent'; readonly pid: number }
  /** Another command works on the stored data, and no system runs. */
  | { readonly is: 'in-use'; readonly pid: number }
  /** The system was killed, and these services of it still run. */
  | { readonly is: 'left-behind'; readonly processes: readonly LeftProcess[] }
  /** The data folder belongs to another user. */
  | { readonly is: 'foreign'; readonly owner: string }
  | { readonly is: 'stopped'; readonly failure: StartFailure | undefined };

type Stop = () => Promise<void>;

/** Asks the control server, then looks for the lock and for services that still run. */
export async function findState(home: string): Promise<SystemState> {
  const control = readControl(home);
  if (control === 'forbidden') return { is: 'foreign', owner: ownerOf(home) };
  const answer = control && (await askControl(control));
  if (answer?.phase === 'running') return { is: 'running', system: answer.system };
  if (answer !== undefined) return { is: answer.phase, pid: answer.pid, stop: answer.stop };
  const holder = lockHolderOf(home);
  if (holder !== undefined)
    return { is: holder === control?.pid ? 'silent' : 'in-use', pid: holder };
  const processes = leftProcessesOf(home);
  if (processes.length > 0) return { is: 'left-behind', processes };
  return { is: 'stopped', failure: readStartFailure(home) };
}

/** Describes the state for people: one line, then why the last start failed, if it did. Pure. */
export function describeState(state: SystemState, home: string): string {
  switch (state.is) {
    case 'running':
      return `A system is running on ${home} (process ${state.system.info.pid}).`;
    case 'starting':
    case 'stopping':
      return `The system on ${home} is ${state.is} (process ${state.pid}).`;
    case 'silent':
      return `The system on ${home} (process ${state.pid}) does not answer; ${OWN_COMMAND} down ends it.`;
    case 'in-use':
      return `No system is running on ${home}; another command works on its data (process ${state.pid}).`;
    case 'left-behind':
      return `The system on ${home} was killed, and left ${namesOf(state.processes)}; ${OWN_COMMAND} down ends them.`;
    case 'foreign':
      return `The system on ${home} belongs to the user ${state.owner}: run this command as that user.`;
    case 'stopped':
      return [
        `No system is running on ${home}.`,
        ...(state.failure === undefined
          ? []
          : [`Its last start failed, at ${state.failure.at}: ${state.failure.reason}`]),
      ].join('\n');
  }
}

/** Returns text such as `postgresql (process 12), rabbitmq (process 34)`. */
export const namesOf = (processes: readonly LeftProcess[]): string =>
  processes.map(({ name, pid }) => `${name} (process ${pid})`).join(', ');

/**
 * Returns the name of the owner of the folder, or of its nearest ancestor that this user may
 * inspect.
 */
function ownerOf(folder: string): string {
  try {
    return nameOf(statSync(folder).uid);
  } catch {
    return dirname(folder) === folder ? 'unknown' : ownerOf(dirname(folder));
  }
}

function nameOf(uid: number): string {
  try {
    return execFileSync('id', ['-nu', uid.toString()], { stdio: ['ignore', 'pipe', 'ignore'] })
      .toString()
      .trim();
  } catch {
    return uid.toString();
  }
}
