/** Keeping a system up while a command uses it, and going on with its successor where it was killed. */
import { setTimeout as sleep } from 'node:timers/promises';
import { findSystem, type RunningSystem } from './control-client.ts';
import { findState } from './find-state.ts';
import type { Lease } from './lease.ts';

/** A system that was killed is started again within this, by systemd or by a person, or is gone for good. */
const SUCCESSOR_MAX_MS = 30_000;
const LOOK_MS = 200;

export type HoldOptions = {
  /** The data folder. */
  readonly home: string;
  /** Called where the system is gone, and no other came in its place. */
  readonly onGone: () => void;
  readonly say: (line: string) => void;
};

/** Resolves, when the system has the lease, to what releases it. Rejects where the system takes none. */
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

/** Waits longer while one starts. Undefined where none came, or nobody wants it any more. */
async function findSuccessor(home: string, isReleased: () => boolean): Promise<Lease | undefined> {
  let deadline = performance.now() + SUCCESSOR_MAX_MS;
  while (performance.now() < deadline && !isReleased()) {
    const system = await findSystem(home);
    const lease = await system?.lease().catch(() => undefined);
    if (lease !== undefined && !isReleased()) return lease;
    lease?.release();
    if ((await findState(home)).is === 'starting') deadline = performance.now() + SUCCESSOR_MAX_MS;
    await sleep(LOOK_MS);
  }
  return undefined;
}
