/** For commands that need a system that is up. */
import type { Config } from '../../shared/runtime/config.ts';
import { CodedError } from '../../shared/runtime/errors.ts';
import type { RunningSystem } from '../supervisor/control-client.ts';
import { describeState, findState } from '../supervisor/find-state.ts';
import type { UsedSystem } from '../supervisor/use-system.ts';

/** The system that runs on the data folder. Rejects, with what is there instead, where none does. */
export async function runningSystem({ home }: Pick<Config, 'home'>): Promise<RunningSystem> {
  const state = await findState(home);
  if (state.is === 'running') return state.system;
  const lines = describeState(state, home);
  if (state.is === 'foreign') throw new CodedError('system-foreign', lines);
  const advice = state.is === 'stopped' ? '\nStart one in another terminal: npm start' : '';
  throw new CodedError('system-not-running', `${lines}${advice}`);
}

/**
 * Runs `work` with the system on the data folder, which stays up at least as long. Where it is gone all the
 * same, `onGone` is called with the reason; without it the result is that `work` has failed of it.
 */
export async function withRunningSystem<Result>(
  config: Config,
  work: (system: UsedSystem) => Promise<Result>,
  onGone?: (gone: CodedError) => void,
): Promise<Result> {
  const { info, refresh, lease } = await runningSystem(config);
  const { release, lost } = await lease();
  const gone = lost.then(() => systemGone(info.pid));
  const result = work({ info, isShared: true, refresh, close: () => Promise.resolve() });
  try {
    if (onGone === undefined) return await Promise.race([result, gone.then(fail)]);
    void gone.then(onGone);
    return await result;
  } finally {
    release();
  }
}

const fail = (error: Error): never => {
  throw error;
};

export const systemGone = (pid: number): CodedError =>
  new CodedError(
    'system-not-running',
    `The system (process ${pid}) that this command used is gone.`,
  );
