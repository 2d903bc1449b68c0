/** Grants, revokes and lists readers of the feed: each has a queue, and a user who may only read that queue. */
import { virtualHostOf } from '../../shared/amqp/broker-addresses.ts';
import {
  bindFeedQueue,
  declareFeedQueue,
  deleteFeedQueue,
  type FeedQueueType,
} from '../../shared/amqp/feed-queue.ts';
import type { Link } from '../../shared/amqp/link.ts';
import type { Management } from '../../shared/amqp/management.ts';
import { feedQueue } from '../../shared/messages/address.ts';
import { patternOf } from '../../shared/messages/broker-access.ts';
import { deleteFeedReader, loadFeedReaders, saveFeedReader } from '../../shared/pg/feed.ts';
import type { Pool } from '../../shared/pg/pool.ts';
import { newSecret } from '../../shared/runtime/secrets.ts';
import { urlAs } from '../services/access.ts';

export type FeedServices = {
  readonly amqpUrl: string;
  readonly link: Link;
  readonly management: Management;
  readonly pool: Pool;
};

export type Granted = {
  readonly name: string;
  readonly queue: string;
  readonly type: FeedQueueType;
  readonly keys: string;
  /** Contains the password, which is stored nowhere. */
  readonly url: string;
};

/** Makes a reader, or gives it another password and pattern. The feed is published from the first grant on. */
export async function grantReader(
  { amqpUrl, link, management, pool }: FeedServices,
  { name, keys }: { readonly name: string; readonly keys: string },
): Promise<Granted> {
  const before = (await loadFeedReaders(pool)).find((reader) => reader.name === name)?.keys;
  const type = await declareFeedQueue(link, name);
  await bindFeedQueue(link, name, { keys, before });
  const login = { name: loginOf(amqpUrl, name), password: newSecret() };
  await management.ask('PUT', ['users', login.name], { password: login.password, tags: '' });
  await management.ask('PUT', ['permissions', virtualHostOf(amqpUrl), login.name], {
    configure: patternOf([]),
    write: patternOf([]),
    read: patternOf([feedQueue(name).replaceAll('.', '\\.')]),
  });
  await saveFeedReader(pool, name, keys);
  return { name, queue: feedQueue(name), type, keys, url: urlAs(amqpUrl, login) };
}

/** Ends a reader: its user, whose connections the broker closes, and its queue. Resolves to whether there was one. */
export async function revokeReader(
  { amqpUrl, link, management, pool }: FeedServices,
  name: string,
): Promise<boolean> {
  if (!(await deleteFeedReader(pool, name))) return false;
  await management.ask('DELETE', ['users', loginOf(amqpUrl, name)]);
  await deleteFeedQueue(link, name);
  return true;
}

const loginOf = (amqpUrl: string, name: string): string =>
  `${decodeURIComponent(new URL(amqpUrl.split(',')[0] ?? '').username)}_feed_${name}`;

export type ListedReader = {
  readonly name: string;
  readonly keys: string;
  readonly grantedAt: number;
  /** Undefined if the broker lacks the queue, as after a restore: the reader must be granted again. */
  readonly messages: number | undefined;
};

export async function listReaders(services: FeedServices): Promise<readonly ListedReader[]> {
  const readers = await loadFeedReaders(services.pool);
  return await Promise.all(
    readers.map(async ({ name, keys, granted_at }) => {
      const messages = await messagesOf(services, name).catch(() => undefined);
      return { name, keys, grantedAt: Number(granted_at), messages };
    }),
  );
}

async function messagesOf({ amqpUrl, management }: FeedServices, name: string): Promise<number> {
  const path = ['queues', virtualHostOf(amqpUrl), feedQueue(name)];
  const { messages = 0 } = (await management.ask('GET', path)) as { readonly messages?: number };
  return messages;
}
