/** For commands that need a system that is up. */
import type { Config } from '../../shared/runtime/config.ts';
import { CodedError } from '../../shared/runtime/errors.ts';
import { findSystem, type RunningSystem } from '../supervisor/control-client.ts';
import type { UsedSystem } from '../supervisor/use-system.ts';

/** The system that runs on the data folder. Rejects where none does. */
export async function runningSystem({ home }: Pick<Config, 'home'>): Promise<RunningSystem> {
  const running = await findSystem(home);
  if (running !== undefined) return running;
  throw new CodedError(
    'system-not-running',
    `No system is running on ${home}.\nStart one in another terminal: npm start`,
  );
}

/** Runs `work` with the system on the data folder, which stays up at least as long. */
export async function withRunningSystem<Result>(
  config: Config,
  work: (system: UsedSystem) => Promise<Result>,
): Promise<Result> {
  const { info, refresh, lease } = await runningSystem(config);
  const { release } = await lease();
  try {
    return await work({ info, isShared: true, refresh, close: () => Promise.resolve() });
  } finally {
    release();
  }
}
