/** A pool: the processes of one kind, as many as configured, each with its own name. */
import type { PoolName } from '../../shared/runtime/config.ts';
import type { Child } from './child.ts';

export interface ProcessPool {
  readonly name: PoolName;
  /** The processes in the order of their numbers. */
  members(): readonly Child[];
  /**
   * Starts processes, or stops the last ones, until the pool has `size`. Resolves when the new ones
   * take work and the surplus has drained. Calls run one after another; each waits only for the
   * draining of the one before.
   */
  resize(size: number): Promise<void>;
  stop(): Promise<void>;
}

type ProcessPoolOptions = {
  readonly name: PoolName;
  /**
   * Returns the number of the member with this index (from 0); no other machine of the system uses
   * the number.
   */
  readonly numberOf: (index: number) => number;
  /** Starts the process with this name. */
  readonly start: (name: string, onReady: () => void) => Child;
  /** Called when the set of members has changed, or when one of them is ready again. */
  readonly onChange: (members: readonly Child[]) => void;
};

/** Opens an empty pool; `resize` starts its processes. */
export function openProcessPool({
  name,
  numberOf,
  start,
  onChange,
}: ProcessPoolOptions): ProcessPool {
  const members: Child[] = [];
  let changing: Promise<void> = Promise.resolve();
  const notify = (): void => onChange(members);

  const change = async (size: number): Promise<void> => {
    const surplus = members.splice(size);
    // The remaining members subscribe to the shards of the surplus before it gives them up.
    if (surplus.length > 0) notify();
    while (members.length < size) {
      members.push(start(`${name}-${numberOf(members.length)}`, notify));
    }
    await Promise.all(surplus.map((member) => member.stop()));
  };

  return {
    name,
    members: () => members,
    resize: async (size) => {
      const changed = changing.then(() => change(size));
      changing = changed.catch(() => undefined);
      await changed;
      await Promise.all(members.map((member) => member.ready()));
    },
    stop: async () => {
      await Promise.all(members.map((member) => member.stop()));
    },
  };
}
