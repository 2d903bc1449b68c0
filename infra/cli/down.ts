/** `daytrade down`: stops the system on the data folder, whatever its state. */
import type { Command } from 'commander';
import { readConfig } from '../../shared/runtime/config.ts';
import { CodedError } from '../../shared/runtime/errors.ts';
import { stopLeftProcesses } from '../services/private/left-behind.ts';
import { identityOf, isSameProcess } from '../host/process-identity.ts';
import { tryLockDataFolder } from '../supervisor/data-folder-lock.ts';
import { describeState, findState, namesOf } from '../supervisor/find-state.ts';
import { removeStartFailure } from '../supervisor/start-failure.ts';
import { say } from './output.ts';

const POLL_MS = 100;
/**
 * The time between SIGTERM and SIGKILL for a system that does not answer; draining takes up to ten
 * seconds.
 */
const SILENT_MAX_MS = 30_000;

export function registerDown(program: Command): void {
  program
    .command('down')
    .description('stop the system of the data folder, also one that is starting or was left behind')
    .action(() => down(readConfig(process.env).home));
}

async function down(home: string): Promise<void> {
  const state = await findState(home);
  switch (state.is) {
    case 'running': {
      const { pid } = state.system.info;
      const users = await state.system.stop();
      if (users > 0) say(`Waiting for ${users} other command(s) that use this system …`);
      await untilEnded(pid);
      break;
    }
    case 'starting':
    case 'stopping':
      await state.stop();
      await untilEnded(state.pid);
      break;
    case 'silent':
      await endSilent(state.pid);
      break;
    case 'left-behind':
      break;
    case 'foreign':
      throw new CodedError('system-foreign', describeState(state, home));
    case 'in-use':
      throw new CodedError('not-finished', describeState(state, home));
    case 'stopped':
      say(describeState(state, home));
      removeStartFailure(home);
      return;
  }
  await endLeftBehind(home);
  removeStartFailure(home);
  say('Stopped.');
}

/** Resolves to whether the process ended in time. */
async function untilEnded(pid: number, longestMs = Number.POSITIVE_INFINITY): Promise<boolean> {
  say(`Stopping the system (process ${pid}) …`);
  const system = identityOf(pid);
  const deadline = Date.now() + longestMs;
  while (isSameProcess(system)) {
    if (Date.now() > deadline) return false;
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
  return true;
}

async function endSilent(pid: number): Promise<void> {
  process.kill(pid, 'SIGTERM');
  if (await untilEnded(pid, SILENT_MAX_MS)) return;
  say('It does not end by itself: killing it.');
  process.kill(pid, 'SIGKILL');
  await untilEnded(pid);
}

/** Stops the services that a killed system left. */
async function endLeftBehind(home: string): Promise<void> {
  const release = tryLockDataFolder(home);
  // Another command starts the next system; it stops what is left.
  if (release === undefined) return;
  try {
    const ended = await stopLeftProcesses(home);
    if (ended.length > 0) say(`Ended what was left behind: ${namesOf(ended)}.`);
  } finally {
    release();
  }
}
