/** Single commands at a steady rate to every shard: how long was each without an answer? */
import { openSender } from '../../producers/workload/sender.ts';
import { openLink } from '../../shared/amqp/link.ts';
import { ownQueuesOn } from '../../shared/amqp/own-queue.ts';
import { openPublisher } from '../../shared/amqp/publisher.ts';
import { cents } from '../../shared/domain/money.ts';
import type { UserId } from '../../shared/domain/identity.ts';
import { shardOf } from '../../shared/domain/shard.ts';
import { newId } from '../../shared/runtime/new-id.ts';
import { SYSTEM_TIMERS } from '../../shared/runtime/timers.ts';
import type { SystemInfo } from '../../shared/control/system-info.ts';
import { userOf } from '../support/quote-names.ts';
import { recordingLogger } from '../support/recording-logger.ts';

/** How often each shard is sent a command. No gap is told closer than that. */
const EVERY_MS = 50;

export interface Probe {
  /** Begins to measure anew. */
  reset(): void;
  /** The longest time since `reset` that a shard went without an answer, and the shard. */
  worst(): { readonly gapMs: number; readonly shard: number };
  /** How long the shard that was heard of last has been silent by now, beyond the time between commands. */
  silentMs(): number;
  /** How many cents each user was told to have been given by now. */
  acknowledged(): ReadonlyMap<string, number>;
  /** Sends no more; resolves when all is answered, and acknowledged so. */
  finish(): Promise<void>;
}

/** Each shard's user adds a cent with every command, each a stream of its own. */
export async function openProbe(
  { amqpUrl: url, shards }: SystemInfo,
  everyMs: number = EVERY_MS,
): Promise<Probe> {
  const log = recordingLogger();
  const publishing = await openLink({ url, name: 'probe publishing', log });
  const consuming = await openLink({ url, name: 'probe consuming', log });
  const users = usersOfShards(shards);
  const heardAt = new Map<number, number>();
  const gaps = new Map<number, number>();
  const acknowledged = new Map<string, number>();
  const hear = (shard: number): void => {
    const now = Date.now();
    const gap = now - (heardAt.get(shard) ?? now);
    gaps.set(shard, Math.max(gap, gaps.get(shard) ?? 0));
    heardAt.set(shard, now);
  };
  const sender = await openSender({
    name: 'probe',
    publisher: await openPublisher(publishing),
    openOwnQueue: ownQueuesOn(consuming),
    timers: SYSTEM_TIMERS,
    shardCount: shards,
    onAnswer: ({ message: { user } }) => {
      acknowledged.set(user, (acknowledged.get(user) ?? 0) + 1);
      hear(shardOf(user, shards));
    },
    log,
  });
  const add = async (user: UserId): Promise<void> => {
    const command = { type: 'ADD', amount: cents(1) } as const;
    await sender.send({
      type: 'commands',
      user,
      stream: `probe:${newId()}`,
      position: 1,
      commands: [{ number: 1, command }],
      administrator: false,
      again: false,
    });
  };
  const timer = setInterval(() => users.forEach((user) => void add(user)), everyMs);
  return {
    reset: () => {
      gaps.clear();
      for (const shard of users.keys()) heardAt.set(shard, Date.now());
    },
    worst: () => {
      users.forEach((_user, shard) => hear(shard));
      const [shard, gapMs] = [...gaps].reduce((one, other) => (other[1] > one[1] ? other : one));
      return { gapMs, shard };
    },
    silentMs: () => Date.now() - Math.min(...heardAt.values()) - everyMs,
    acknowledged: () => acknowledged,
    finish: async () => {
      clearInterval(timer);
      await sender.answered();
      await sender.close();
      await Promise.all([publishing.close(), consuming.close()]);
    },
  };
}

/** One user of each shard, in the shards' order. */
function usersOfShards(shards: number): readonly UserId[] {
  const users = new Map<number, UserId>();
  for (let index = 0; users.size < shards; index += 1) {
    const user = userOf(`probe-${index}`);
    const shard = shardOf(user, shards);
    if (!users.has(shard)) users.set(shard, user);
  }
  return [...users].sort(([one], [other]) => one - other).map(([, user]) => user);
}
