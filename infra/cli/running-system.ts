/** For commands that need a system that is up. */
import type { Config } from '../../shared/runtime/config.ts';
import { CodedError } from '../../shared/runtime/errors.ts';
import { findSystem } from '../supervisor/control-client.ts';
import type { UsedSystem } from '../supervisor/use-system.ts';

/** Runs `work` with the system on the data folder, which stays up at least as long. */
export async function withRunningSystem<Result>(
  { home }: Config,
  work: (system: UsedSystem) => Promise<Result>,
): Promise<Result> {
  const running = await findSystem(home);
  if (running === undefined) {
    throw new CodedError(
      'system-not-running',
      `No system is running on ${home}.\nStart one in another terminal: npm start`,
    );
  }
  const { release } = await running.lease();
  try {
    const { info, refresh } = running;
    return await work({ info, isShared: true, refresh, close: () => Promise.resolve() });
  } finally {
    release();
  }
}
