/** Finds the running system for commands that need one. */
import type { Config } from '../../shared/runtime/config.ts';
import { deferred } from '../../shared/runtime/deferred.ts';
import { CodedError } from '../../shared/runtime/errors.ts';
import type { RunningSystem } from '../../shared/control/control-client.ts';
import { startCommand } from '../../shared/runtime/own-command.ts';
import { describeState, findState } from '../supervisor/find-state.ts';
import { holdSystem } from '../supervisor/hold-system.ts';
import type { UsedSystem } from '../supervisor/use-system.ts';
import { say } from './output.ts';

/**
 * Resolves to the system that runs on the data folder. Rejects with a description of the folder's
 * state if none does.
 */
export async function runningSystem({ home }: Pick<Config, 'home'>): Promise<RunningSystem> {
  const state = await findState(home);
  if (state.is === 'running') return state.system;
  const lines = describeState(state, home);
  if (state.is === 'foreign') throw new CodedError('system-foreign', lines);
  const advice =
    state.is === 'stopped' ? `\nStart one in another terminal: ${startCommand(home)}` : '';
  throw new CodedError('system-not-running', `${lines}${advice}`);
}

/**
 * Runs `work` with the system on the data folder, which cannot stop before `work` is done. If the
 * system is gone for good nevertheless, calls `onGone` with the reason; without `onGone`, rejects
 * with it.
 */
export async function withRunningSystem<Result>(
  config: Config,
  work: (system: UsedSystem) => Promise<Result>,
  onGone?: (gone: CodedError) => void,
): Promise<Result> {
  const system = await runningSystem(config);
  const { info, refresh } = system;
  const gone = deferred<never>();
  gone.promise.catch(() => undefined);
  const end = onGone ?? gone.reject;
  const hold = { home: config.home, onGone: () => end(systemGone(info.pid)), say };
  const release = await holdSystem(system, hold);
  const result = work({ info, isShared: true, refresh, close: () => Promise.resolve() });
  try {
    return await Promise.race([result, gone.promise]);
  } finally {
    release();
  }
}

export const systemGone = (pid: number): CodedError =>
  new CodedError(
    'system-not-running',
    `The system (process ${pid}) that this command used is gone.`,
  );
