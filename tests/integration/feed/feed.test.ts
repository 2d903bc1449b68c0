/** The feed tells readers what happened to accounts, in each user's order, and costs nothing without readers. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Check } from 'typebox/value';
import { parse } from 'yaml';
import { publishInOrder } from '../../../consumers/audit/feed-publisher.ts';
import {
  grantReader,
  listReaders,
  revokeReader,
  type FeedServices,
  type Granted,
} from '../../../infra/operations/feed-readers.ts';
import { applyPolicies } from '../../../infra/rabbitmq/apply-policies.ts';
import { declareFeedQueue } from '../../../shared/amqp/feed-queue.ts';
import { onChannel } from '../../../shared/amqp/declare.ts';
import { openLink, type Link } from '../../../shared/amqp/link.ts';
import { openManagement } from '../../../shared/amqp/management.ts';
import { feedQueue } from '../../../shared/messages/address.ts';
import { feedPublications, renderFeedRow } from '../../../shared/messages/feed-message.ts';
import { publishFeed } from '../../../shared/pg/feed.ts';
import { openPool } from '../../../shared/pg/pool.ts';
import { deferred } from '../../../shared/runtime/deferred.ts';
import { packageRoot } from '../../../shared/runtime/package-root.ts';
import { ALL_SHARDS, openConsumers, type Consumers } from '../../support/consumer-system.ts';
import { manage } from '../../support/management.ts';
import { recordingLogger } from '../../support/recording-logger.ts';
import { Producer } from '../../support/run-commands.ts';
import { openTestDatabase } from '../../support/test-database.ts';
import { testManagementUrl } from '../../support/test-services.ts';
import { until } from '../../support/until.ts';

const LIFETIME_S = 3;

type Told = {
  readonly id: string;
  readonly user: string;
  readonly kind: string;
  readonly [field: string]: unknown;
};
type Received = { readonly key: string; readonly messageId: string; readonly told: Told };

let consumers: Consumers;
let owner: Link;
let services: FeedServices;
let board: Granted;
let producer: Producer;
const links: Link[] = [];

const send = async (...lines: readonly string[]): Promise<void> => {
  for (const line of lines) await consumers.requester.ask(producer.message(line));
};

beforeAll(async () => {
  consumers = await openConsumers({ price: '10.00', env: { ORDER_LIFETIME_S: `${LIFETIME_S}` } });
  const [transaction] = await Promise.all([
    consumers.start('transaction'),
    consumers.start('quote'),
    consumers.start('audit'),
    consumers.start('audit'),
  ]);
  transaction.assign(ALL_SHARDS);
  producer = new Producer('run:feed');
  const { url: amqpUrl, virtualHost } = consumers.broker;
  owner = await openLink({ url: amqpUrl, name: 'owner', log: recordingLogger() });
  const management = openManagement(testManagementUrl());
  await applyPolicies(management, virtualHost);
  services = { amqpUrl, link: owner, management, pool: consumers.pool };
}, 240_000);

afterAll(async () => {
  for (const { name } of await listReaders(services)) await revokeReader(services, name);
  await Promise.all([owner, ...links].map((link) => link.close()));
  await consumers.close();
});

async function openReader({ url }: Granted): Promise<Link> {
  const link = await openLink({ url, name: 'reader', log: recordingLogger() });
  links.push(link);
  return link;
}

/** Reads from the first message on; `acks: false` is a reader that never acks. */
async function read(granted: Granted, { acks = true, prefetch = 50 } = {}): Promise<Received[]> {
  const received: Received[] = [];
  const link = await openReader(granted);
  await link.listen(async (model) => {
    const channel = await model.createChannel();
    channel.on('error', () => undefined);
    await channel.prefetch(prefetch);
    const isStream = granted.type === 'stream';
    const args = isStream ? { arguments: { 'x-stream-offset': 'first' } } : {};
    await channel.consume(
      granted.queue,
      (message) => {
        if (message === null) return;
        const { fields, properties, content } = message;
        const told = JSON.parse(content.toString()) as Told;
        received.push({ key: fields.routingKey, messageId: String(properties.messageId), told });
        if (acks) channel.ack(message);
      },
      args,
    );
  });
  return received;
}

const kindsOf = (received: readonly Received[], user: string): readonly string[] =>
  received.flatMap(({ told }) => (told.user === user ? [told.kind] : []));

const feedRows = async (): Promise<number> =>
  (await consumers.pool.query('SELECT FROM feed_outbox')).rowCount ?? 0;

describe('the feed', () => {
  test('is off until the first grant: nothing is stored and nothing is published', async () => {
    await send('ADD,early,100.00');
    expect(await feedRows()).toBe(0);
    board = await grantReader(services, { name: 'board', keys: 'feed.#' });
    expect(board).toMatchObject({ queue: 'feed.board', type: 'stream' });
    // The processes notice the reader.
    await until(
      async () => {
        await send('ADD,awake,1.00');
        return (await listReaders(services))[0]?.messages !== 0;
      },
      { what: 'the feed is published', lookMs: 200 },
    );
    const received = await read(board);
    await until(() => received.length > 0, { what: 'the reader got something' });
    expect(kindsOf(received, 'early')).toEqual([]);
  }, 120_000);

  test('tells what happened, in order, as its schema says', async () => {
    const received = await read(board);
    await send(
      ...['ADD,a.b,1000.00', 'BUY,a.b,ABC,50.00', 'COMMIT_BUY,a.b', 'COMMIT_BUY,a.b'],
      ...['SELL,a.b,ABC,10.00', 'COMMIT_SELL,a.b', 'BUY,a.b,ABC,20.00', 'CANCEL_BUY,a.b'],
      ...['SET_BUY_AMOUNT,a.b,ABC,100.00', 'SET_BUY_TRIGGER,a.b,ABC,20.00'],
      ...['SET_SELL_AMOUNT,a.b,ABC,100.00', 'SET_SELL_TRIGGER,a.b,ABC,50.00'],
      ...['CANCEL_SET_SELL,a.b,ABC', 'BUY,a.b,ABC,30.00'],
    );
    await until(() => kindsOf(received, 'a.b').includes('order-expired'), {
      what: 'the last order has expired without another command',
    });
    expect(kindsOf(received, 'a.b')).toEqual([
      ...['funds-added', 'bought', 'sold', 'trigger-armed', 'trigger-fired'],
      ...['trigger-armed', 'trigger-cancelled', 'order-expired'],
    ]);
    const own = received.filter(({ told }) => told.user === 'a.b');
    expect(own[1]).toMatchObject({
      key: 'feed.a%2Eb.bought',
      told: { v: 1, number: 3, symbol: 'ABC', shares: 5, price: 1_000 },
    });
    expect(own.at(-1)?.told).toMatchObject({ side: 'buy', shares: 3, price: 1_000 });
    const { components } = parse(
      readFileSync(join(packageRoot, 'docs/feed.asyncapi.yaml'), 'utf8'),
    ) as { readonly components: { readonly schemas: { readonly event: object } } };
    for (const { told, messageId } of received) {
      expect([told, Check(components.schemas.event, told)]).toEqual([told, true]);
      expect(messageId).toBe(told.id);
    }
    expect(Check(components.schemas.event, { ...own[1]?.told, shares: 0 })).toBe(false);
    expect(Check(components.schemas.event, { ...own[1]?.told, kind: 'bough' })).toBe(false);
    const ids = own.map(({ told }) => told.id);
    expect(ids).toEqual([...new Set(ids)].toSorted());
  }, 120_000);

  test('tells an order that a command finds expired, once', async () => {
    await send('ADD,late,100.00', 'BUY,late,ABC,20.00');
    // The sweep passes over users who are locked, so the batch of the next command ends the order itself.
    const { promise: held, resolve: release } = deferred();
    const client = await consumers.pool.connect();
    await client.query('BEGIN');
    await client.query(`SELECT FROM users WHERE user_id = 'late' FOR UPDATE`);
    const added = send('ADD,late,1.00');
    await until(
      async () =>
        (
          await consumers.pool.query(
            `SELECT FROM orders WHERE user_id = 'late' AND at + $1 < now_ms()`,
            [LIFETIME_S * 1_000],
          )
        ).rowCount === 1,
      { what: 'the order has expired' },
    );
    await client.query('COMMIT').then(() => release());
    client.release();
    await Promise.all([held, added]);
    const received = await read(board);
    await until(() => kindsOf(received, 'late').length === 3, { what: 'all is told' });
    expect(kindsOf(received, 'late')).toEqual(['funds-added', 'order-expired', 'funds-added']);
  }, 120_000);

  test('gives a reader only the keys that it was granted', async () => {
    const only = await grantReader(services, { name: 'only-bob', keys: 'feed.bob.*' });
    await send('ADD,carol,3.00', 'ADD,bob,2.00');
    const received = await read(only);
    await until(() => received.length > 0, { what: 'bob is told' });
    expect(received.map(({ key }) => key)).toEqual(['feed.bob.funds-added']);
    const again = await grantReader(services, { name: 'only-bob', keys: 'feed.carol.*' });
    expect(again.url).not.toBe(only.url);
    await send('ADD,bob,2.00', 'ADD,carol,3.00');
    const later = await read(again);
    await until(() => later.length > 1, { what: 'carol is told' });
    expect(later.map(({ key }) => key)).toEqual(['feed.bob.funds-added', 'feed.carol.funds-added']);
  }, 120_000);

  test('harms nobody if a reader never acks, and keeps a bounded part for it', async () => {
    const slow = await grantReader(services, { name: 'slow', keys: 'feed.#' });
    const received = await read(slow, { acks: false, prefetch: 5 });
    const others = await read(board);
    await send(...Array.from({ length: 60 }, () => 'ADD,busy,1.00'));
    await until(() => kindsOf(others, 'busy').length === 60, { what: 'another reader has all' });
    expect(received.length).toBeLessThanOrEqual(5);
    await until(async () => (await feedRows()) === 0, { what: 'all is published' });
    // The broker tells the state of a queue every few seconds.
    const queue = await until(
      async () => {
        const path = `queues/${consumers.broker.virtualHost}/${slow.queue}`;
        const told = (await manage('GET', path)) as { readonly policy?: string };
        return told.policy !== undefined && told;
      },
      { what: 'the queue has its policy' },
    );
    expect(queue).toMatchObject({
      policy: 'feed',
      effective_policy_definition: { 'max-length-bytes': 256 * 1_024 * 1_024, 'max-age': '7D' },
    });
  }, 120_000);

  test('is a quorum queue where there are no streams', async () => {
    await onChannel(owner, async (channel) => {
      await channel.assertQueue(feedQueue('old'), {
        durable: true,
        arguments: { 'x-queue-type': 'quorum' },
      });
    });
    expect(await declareFeedQueue(owner, 'old')).toBe('quorum');
    const old = await grantReader(services, { name: 'old', keys: 'feed.dora.#' });
    const received = await read(old);
    await send('ADD,dora,1.00');
    await until(() => received.length === 1, { what: 'dora is told' });
  }, 120_000);

  test.each([
    ['publish to the feed', 'feed', 'publish'],
    ['publish commands', 'commands.4', 'publish'],
    ['read another queue', 'audit.events', 'consume'],
    ['delete its queue', 'feed.board', 'delete'],
  ] as const)('does not let a reader %s', async (_, name, act) => {
    const link = await openReader(board);
    const refused = deferred<string>();
    await link.listen(async (model) => {
      const channel = await model.createConfirmChannel();
      channel.on('error', (error: Error) => refused.resolve(error.message));
      if (act === 'publish') channel.publish(name, 'key', Buffer.from('x'));
      else if (act === 'consume') await channel.consume(name, () => undefined).catch(() => 0);
      else await channel.deleteQueue(name).catch(() => 0);
    });
    expect(await refused.promise).toContain('ACCESS_REFUSED');
  });

  test('gives the example reader what it needs for a leaderboard', async () => {
    await send('ADD,rich,1000.00', 'BUY,rich,ABC,500.00', 'COMMIT_BUY,rich');
    const script = join(packageRoot, 'infra/examples/leaderboard.mjs');
    const child = spawn(process.execPath, [script, board.url, board.queue, 'first'], {
      cwd: packageRoot,
    });
    let output = '';
    child.stdout.on('data', (piece: Buffer) => (output += piece.toString()));
    await until(() => output.includes('. rich 0.00'), { what: 'rich is listed' });
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill();
    await ended;
  }, 120_000);

  test('ends with the last reader', async () => {
    const received = await read(board);
    await until(() => received.length > 0, { what: 'the reader reads' });
    const names = (await listReaders(services)).map(({ name }) => name);
    expect(names).toEqual(['board', 'old', 'only-bob', 'slow']);
    for (const name of names) expect(await revokeReader(services, name)).toBe(true);
    expect(await revokeReader(services, 'board')).toBe(false);
    expect(await listReaders(services)).toEqual([]);
    const { username } = new URL(board.url);
    await expect(manage('GET', `users/${username}`)).rejects.toThrow('404');
    await until(
      async () => {
        await send('ADD,awake,1.00');
        return (await feedRows()) === 0;
      },
      { what: 'nothing is stored any more', lookMs: 300 },
    );
  }, 120_000);
});

describe('publishing', () => {
  const event = (user: string, amount: number) => ({
    ...{ kind: 'funds-added' as const, user, at: 1, number: 1, amount },
  });
  const rows = [renderFeedRow([event('ann', 1), event('bob', 1), event('ann', 2)])];

  test('waits for the confirm of a user’s message before that user’s next one', async () => {
    const sent: string[] = [];
    const confirm = deferred();
    const publisher = {
      publish: async ({ messageId = '' }: { readonly messageId?: string }): Promise<void> => {
        sent.push(messageId.slice(-1));
        if (messageId.endsWith('0')) await confirm.promise;
      },
    };
    const published = publishInOrder(publisher, feedPublications(1n, rows[0] ?? ''));
    await until(() => sent.length === 2, { what: 'the first of each user is sent' });
    expect(sent).toEqual(['0', '1']);
    confirm.resolve();
    await published;
    expect(sent).toEqual(['0', '1', '2']);
  });

  test('repeats what was not confirmed, under the same ids, and two processes never do it at once', async () => {
    // Where no process publishes.
    const database = await openTestDatabase();
    const pool = openPool({ url: database.url, name: 'feed', size: 2, log: recordingLogger() });
    await pool.query(`INSERT INTO feed_outbox (id, body) VALUES (5, $1)`, rows);
    const ids: bigint[] = [];
    const failing = publishFeed(pool, (found) => {
      ids.push(...found.map(({ id }) => id));
      return Promise.reject(new Error('refused'));
    });
    await expect(failing).rejects.toThrow('refused');
    await publishFeed(pool, async (found) => {
      ids.push(...found.map(({ id }) => id));
      expect(await publishFeed(pool, () => Promise.reject(new Error('twice')))).toBe(false);
    });
    expect(ids).toEqual([5n, 5n]);
    expect((await pool.query('SELECT FROM feed_outbox')).rowCount).toBe(0);
    await pool.end();
    await database.close();
  });
});
