/** Opens the pools of a system, and sends the transaction processes their home shards. */
import type { Config, PoolName } from '../../shared/runtime/config.ts';
import { SYSTEM_TIMERS } from '../../shared/runtime/timers.ts';
import type { Child, StartChild } from './child.ts';
import { homeShardsOf } from './home-shards.ts';
import { POOL_FOLDERS } from './pool-folders.ts';
import { openProcessPool, type ProcessPool } from './process-pool.ts';

/** The time after which a started process has subscribed to its shards, even on a busy machine. */
const HOMES_SETTLED_MS = 5_000;
const HOMES_AGAIN_MS = 30_000;

/**
 * Opens a pool, and for the transaction pool sends home shards to its members.
 *
 * They are sent again whenever a member becomes ready: a standby that has shards of the newcomer
 * then gives them up. They are sent once more after `HOMES_SETTLED_MS`, because a newcomer may
 * subscribe later than the standby does again. The standby is then the active consumer once more,
 * and the newcomer would wait behind it for ever.
 */
export function startPool(
  name: PoolName,
  start: StartChild,
  { shards, machine: { no, of } }: Pick<Config, 'shards' | 'machine'>,
): ProcessPool {
  // Machines take turns: 1, 3, 5 … on the first of two, 2, 4, 6 … on the second.
  const numberOf = (index: number): number => no + index * of;
  const sendHomeShards = (members: readonly Child[]): void => {
    members.forEach((member, index) => {
      member.send({
        type: 'home-shards',
        shards: homeShardsOf(numberOf(index) - 1, members.length * of, shards),
      });
    });
  };
  let cancelTimer: () => void = () => undefined;
  const sendLater = (ms: number): void => {
    cancelTimer();
    cancelTimer = SYSTEM_TIMERS.after(ms, () => {
      sendHomeShards(pool.members());
      // No event reports that another machine has joined, so this gives up its shards periodically.
      if (of > 1) sendLater(HOMES_AGAIN_MS);
    });
  };
  const pool = openProcessPool({
    name,
    numberOf,
    start: (member, onReady) =>
      start(
        { name: member, role: name, folder: POOL_FOLDERS[name], sharesPort: name === 'web' },
        onReady,
      ),
    onChange: (members) => {
      if (name !== 'transaction') return;
      sendHomeShards(members);
      sendLater(HOMES_SETTLED_MS);
    },
  });
  return {
    ...pool,
    stop: () => {
      cancelTimer();
      return pool.stop();
    },
  };
}
