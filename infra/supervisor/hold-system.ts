/**
 * Keeps a system up while a command uses it, and switches to its successor if the system is killed.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { findSystem, type RunningSystem } from '../../shared/control/control-client.ts';
import { findState } from './find-state.ts';
import type { Lease } from '../../shared/control/lease.ts';

/**
 * The longest wait for a successor: within this time, systemd or a person has restarted a killed
 * system, or it is gone for good.
 */
const SUCCESSOR_MAX_MS = 30_000;
const POLL_MS = 200;

type HoldOptions = {
  /** The data folder. */
  readonly home: string;
  /** Called when the system is gone and no successor came in time. */
  readonly onGone: () => void;
  readonly say: (line: string) => void;
};

/**
 * Takes a lease; resolves to the function that releases it. Rejects if the system grants no lease.
 */
export async function holdSystem(
  system: RunningSystem,
  { home, onGone, say }: HoldOptions,
): Promise<() => void> {
  let lease = await system.lease();
  let wasReleased = false;
  const isReleased = (): boolean => wasReleased;
  const follow = async (): Promise<void> => {
    for (;;) {
      await lease.lost;
      if (isReleased()) return;
      say(`The system is gone. Waiting ${SUCCESSOR_MAX_MS / 1_000} s for it to be started again …`);
      const next = await findSuccessor(home, isReleased);
      if (next === undefined) {
        if (!isReleased()) onGone();
        return;
      }
      lease = next;
      say('The system is back.');
    }
  };
  void follow();
  return () => {
    wasReleased = true;
    lease.release();
  };
}

/**
 * Waits for a system that grants a lease, and longer while one is starting. Returns undefined if
 * none came in time, or if the lease is no longer wanted.
 */
async function findSuccessor(home: string, isReleased: () => boolean): Promise<Lease | undefined> {
  let deadline = performance.now() + SUCCESSOR_MAX_MS;
  while (performance.now() < deadline && !isReleased()) {
    const system = await findSystem(home);
    const lease = await system?.lease().catch(() => undefined);
    if (lease !== undefined && !isReleased()) return lease;
    lease?.release();
    if ((await findState(home)).is === 'starting') deadline = performance.now() + SUCCESSOR_MAX_MS;
    await sleep(POLL_MS);
  }
  return undefined;
}
