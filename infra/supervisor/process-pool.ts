/** The processes of one kind: as many as are wanted, each under a name of its own. */
import type { PoolName } from '../../shared/runtime/config.ts';
import type { Child } from './child.ts';

export interface ProcessPool {
  readonly name: PoolName;
  /** In the order of their numbers. */
  members(): readonly Child[];
  /**
   * Starts processes, or stops the last ones, until there are that many. Resolves when the new ones
   * take work and the surplus has drained; the next change waits for the draining only.
   */
  resize(size: number): Promise<void>;
  stop(): Promise<void>;
}

export type ProcessPoolOptions = {
  readonly name: PoolName;
  /** The number of each member in turn, from 0: no other machine of the system gives it. */
  readonly numberOf: (index: number) => number;
  /** Starts the process of that name. */
  readonly start: (name: string, onReady: () => void) => Child;
  /** Who is there has changed, or one of them came back. */
  readonly onChange: (members: readonly Child[]) => void;
};

export function openProcessPool({
  name,
  numberOf,
  start,
  onChange,
}: ProcessPoolOptions): ProcessPool {
  const members: Child[] = [];
  let changing: Promise<void> = Promise.resolve();
  const tell = (): void => onChange(members);

  const change = async (size: number): Promise<void> => {
    const surplus = members.splice(size);
    // Those who stay take their shards as standbys before those who go let go of them.
    if (surplus.length > 0) tell();
    while (members.length < size) {
      members.push(start(`${name}-${numberOf(members.length)}`, tell));
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
