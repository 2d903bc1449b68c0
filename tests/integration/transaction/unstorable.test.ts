/** A message that cannot be read or stored is parked once, and harms no other. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { parkedTarget } from '../../../producers/web/server/parts/parked-target.ts';
import { openLink, type Link } from '../../../shared/amqp/link.ts';
import { dropParked, listParked, replayParked, type Parked } from '../../../shared/amqp/parked.ts';
import { openPublisher, type Publication, type Publisher } from '../../../shared/amqp/publisher.ts';
import { shardOf } from '../../../shared/domain/shard.ts';
import { commandsExchange, shardKey, type ParkedFrom } from '../../../shared/messages/address.ts';
import { renderCommandMessage } from '../../../shared/messages/command-message.ts';
import { verifyStored } from '../../../shared/pg/verify.ts';
import {
  ALL_SHARDS,
  openConsumers,
  SHARDS,
  type Consumers,
} from '../../support/consumer-system.ts';
import { recordingLogger } from '../../support/recording-logger.ts';
import { header, long, nestedArrays, nestedTables, publishRaw } from '../../support/publish-raw.ts';
import { Producer } from '../../support/run-commands.ts';
import { storedBalance } from '../../support/stored.ts';
import { until } from '../../support/until.ts';

const LIFETIME_MS = 60_000;
const MOST = 100;

let system: Consumers;
let link: Link;
let publisher: Publisher;

beforeAll(async () => {
  system = await openConsumers();
  link = await openLink({ url: system.broker.url, name: 'poisoner', log: recordingLogger() });
  publisher = await openPublisher(link);
  const pools = ['transaction', 'quote', 'trigger', 'audit', 'intake'] as const;
  const [transaction] = await Promise.all(pools.map((pool) => system.start(pool)));
  transaction?.assign(ALL_SHARDS);
});
afterAll(async () => {
  await link.close();
  await system.close();
});

async function parkedNow(least: number): Promise<readonly Parked[]> {
  return await until(
    async () => {
      const found = await listParked(link, MOST);
      return found.length >= least && found;
    },
    { what: `${least} messages are parked` },
  );
}

async function brokenInvariants(): Promise<readonly string[]> {
  const client = await system.pool.connect();
  try {
    const findings = await verifyStored(client, LIFETIME_MS);
    return findings.flatMap(({ name, first }) => first.map((each) => `${name}: ${each}`));
  } finally {
    client.release(true);
  }
}

/** Asserts that commands and their quotes still work, and that all stored data is consistent. */
async function expectSound(user: string): Promise<void> {
  const producer = new Producer(`run:${user}`);
  for (const line of [`ADD,${user},100.00`, `BUY,${user},ABC,50.00`, `COMMIT_BUY,${user}`]) {
    expect((await system.requester.ask(producer.message(line))).outcomes).toMatchObject([
      { is: 'accepted' },
    ]);
  }
  expect(await storedBalance(system.pool, user)).toBe(5_000n);
  expect(await brokenInvariants()).toEqual([]);
}

afterEach(async () => {
  for (const { id } of await listParked(link, MOST)) await dropParked(link, { id, most: MOST });
});

const NESTED = '['.repeat(5_000) + ']'.repeat(5_000);
const toCommands = (body: string, more: Partial<Publication> = {}): Publication => ({
  exchange: commandsExchange(SHARDS),
  key: shardKey(shardOf('poison', SHARDS)),
  body: Buffer.from(body),
  type: 'commands',
  ...more,
});
const command = (fields: string, more = ''): string =>
  `{"v":1,"user":"poison","stream":"hand:poison","position":1,${more}"commands":[{"i":1,${fields}}]}`;
const add = '"c":"ADD","a":100';

const POISON: readonly (readonly [string, Publication])[] = [
  ['a NUL in the hash', toCommands(command(add, '"hash":"\\u0000",'))],
  ['half of a pair in the hash', toCommands(command(add, '"hash":"\\ud800",'))],
  ['a NUL in a reason', toCommands(command('"c":"ADD","u":"a\\u0000b"'))],
  ['half of a pair in a reason', toCommands(command('"c":"ADD","u":"\\udfff"'))],
  ['half of a pair in a file name', toCommands(command('"c":"DUMPLOG","f":"\\ud800"'))],
  ['half of a pair in a stream', toCommands(command(add).replace('hand:poison', 'hand:\\ud800'))],
  ['a number out of range', toCommands(command('"c":"ADD","a":1e300'))],
  ['a position out of range', toCommands(command(add).replace('"position":1', '"position":1e19'))],
  ['nested lists as the version', toCommands(`{"v":${NESTED},"user":"poison"}`)],
  ['nested lists as the user', toCommands(`{"v":1,"user":${NESTED}}`)],
  ['nested lists as the commands', toCommands(command(add).replace(/\[.*\]/, NESTED))],
  ['a NUL in reply_to', toCommands(command(add), { replyTo: 'a\0b' })],
  ['a NUL in correlation_id', toCommands(command(add), { correlationId: '\0' })],
  ['a NUL in message_id', toCommands(command(add), { messageId: '\0' })],
  ['a NUL in type', toCommands(command(add), { type: 'commands\0' })],
  [
    'a NUL in the id of a quote request',
    {
      ...{ exchange: 'quotes.requests', key: shardKey(0), type: 'quote-request' },
      body: Buffer.from('{"v":1,"symbol":"ABC","id":"\\u0000","user":"poison","number":1}'),
    },
  ],
  [
    'nested lists in a changed quote',
    {
      ...{ exchange: 'quotes.changed', key: 'ABC', type: 'quote-changed' },
      body: Buffer.from(`{"v":${NESTED}}`),
    },
  ],
  [
    'an audit message that ends the rows of others',
    {
      ...{ exchange: 'audit', key: 'events', type: 'audit-rows.v1' },
      body: Buffer.from('1\t0\n\\.\n'),
    },
  ],
  [
    'an audit message without the end of its row',
    { exchange: 'audit', key: 'events', type: 'audit-rows.v1', body: Buffer.from('1\t0') },
  ],
];

describe('a message that cannot be read or stored', () => {
  test.each(POISON)(
    '%s is parked, and the messages around it are handled',
    async (what, publication) => {
      await publisher.publish(publication);
      // A changed quote goes to the triggers and to the feed of a transaction process.
      const copies = publication.exchange === 'quotes.changed' ? 2 : 1;
      const parked = await parkedNow(copies);
      expect(
        parked.every(({ code }) => code === 'message-unreadable' || code.includes('version')),
      ).toBe(true);
      const neighbour = new Producer(`run:${what}`).message('ADD,poison,1.00');
      expect((await system.requester.ask(neighbour)).outcomes).toMatchObject([{ is: 'accepted' }]);
      // It came once, because no process that read it lost its connection.
      expect(await listParked(link, MOST)).toHaveLength(copies);
    },
  );

  test('leaves all data consistent', async () => {
    await expectSound('after-poison');
    expect(await storedBalance(system.pool, 'poison')).toBe(BigInt(POISON.length * 100));
  });

  test('the position in the id of a quote request may exceed its column', async () => {
    const body = { v: 1, symbol: 'FAR', id: `poison/run:far/${'9'.repeat(30)}`, user: 'poison' };
    await publisher.publish({
      ...{ exchange: 'quotes.requests', type: 'quote-request' },
      key: shardKey(shardOf('FAR', 4)),
      body: Buffer.from(JSON.stringify({ ...body, number: 7 })),
    });
    const events = async (): Promise<number> => {
      const { rows } = await system.pool.query(
        `SELECT 1 FROM audit_events WHERE kind = 'quoteServer' AND symbol = 'FAR'`,
      );
      return rows.length;
    };
    await until(async () => (await events()) === 1, { what: 'the hit is audited' });
    await expectSound('after-far');
  });
});

/** Deep enough for the driver to overflow its stack; the broker takes ten times as long for twice as many. */
const DEEP = 8_000;
const ADD_ONE = Buffer.from(command(add));
const neighbourAdds = async (what: string): Promise<void> => {
  const neighbour = new Producer(`run:${what}`).message('ADD,neighbour,1.00');
  expect((await system.requester.ask(neighbour)).outcomes).toMatchObject([{ is: 'accepted' }]);
};

/** Resolves to the balance in cents; 0 before the first command. */
async function headedBalance(): Promise<bigint> {
  const stored = await storedBalance(system.pool, 'headed');
  return stored < 0n ? 0n : stored;
}

describe('headers that the driver cannot decode', () => {
  const toShard = { exchange: commandsExchange(SHARDS), key: shardKey(shardOf('poison', SHARDS)) };
  const PLACES = [
    { what: 'a command', ...toShard, copies: 1 },
    { what: 'a quote request', exchange: 'quotes.requests', key: shardKey(0), copies: 1 },
    { what: 'a changed quote', exchange: 'quotes.changed', key: 'ABC', copies: 2 },
    { what: 'an audit message', exchange: 'audit', key: 'events', copies: 1 },
    { what: 'lines published by hand', exchange: 'intake', key: '', copies: 1 },
  ];
  test.each(PLACES)('park $what', async ({ what, exchange, key, copies }) => {
    const headers = nestedTables(DEEP);
    await publishRaw(system.broker.url, { exchange, key, body: ADD_ONE, headers });
    const parked = await parkedNow(copies);
    expect(parked).toMatchObject(
      parked.map(() => ({
        code: 'message-unreadable',
        reason: expect.stringContaining('headers'),
      })),
    );
    expect(parked.every(({ body }) => body.equals(ADD_ONE))).toBe(true);
    await neighbourAdds(what);
    expect(await listParked(link, MOST)).toHaveLength(copies);
  });

  test('park a command whose headers are nested arrays', async () => {
    await publishRaw(system.broker.url, {
      ...toShard,
      body: ADD_ONE,
      headers: nestedArrays(DEEP),
    });
    expect(await parkedNow(1)).toMatchObject([{ reason: expect.stringContaining('headers') }]);
    await neighbourAdds('arrays');
  });

  test.each([
    ['a name that is not UTF-8', header(Buffer.from([0xff, 0xfe]), 'V', Buffer.alloc(0))],
    ['a text that is not UTF-8', header('a', 'S', Buffer.concat([long(1), Buffer.from([0xff])]))],
    ['the name of a prototype', header('__proto__', 'F', long(0))],
    ['a traceparent that is a table', header('traceparent', 'F', long(0))],
    [
      'ten thousand names',
      Buffer.concat(
        Array.from({ length: 10_000 }, (_, i) => header(`n${i}`, 'V', Buffer.alloc(0))),
      ),
    ],
  ])('%s is read, and the command decided', async (what, headers) => {
    const message = new Producer(`run:${what}`).message('ADD,headed,1.00');
    const before = await headedBalance();
    const key = shardKey(shardOf('headed', SHARDS));
    const body = Buffer.from(renderCommandMessage(message));
    await publishRaw(system.broker.url, { ...toShard, key, body, headers });
    await until(async () => (await headedBalance()) === before + 100n, {
      what: 'the command is decided',
    });
    expect(await listParked(link, MOST)).toEqual([]);
  });

  test.each([
    ['a type that nobody knows', header('a', 'Z', Buffer.alloc(0))],
    ['a text that is longer than its table', header('a', 'S', long(1_000))],
    ['a table beyond the largest frame', nestedTables(30_000)],
  ])('%s is refused by the broker', async (_, headers) => {
    await expect(
      publishRaw(system.broker.url, { ...toShard, body: ADD_ONE, headers }),
    ).rejects.toThrow();
    await neighbourAdds('refused');
  });
});

describe('a message that is replayed', () => {
  const replay = (id: string): ReturnType<typeof replayParked> =>
    replayParked(
      { link, publisher },
      { id, targetOf: (each) => parkedTarget(each, SHARDS), most: MOST },
    );
  const park = (from: ParkedFrom, body: Buffer, type: string): Promise<void> =>
    publisher.publish({
      ...{ exchange: 'parked', key: from, body, type },
      headers: { reason: 'as a test', code: 'message-wrong-shard', 'message-id': 'the-original' },
    });
  const counts = async (): Promise<unknown> => {
    const { rows } = await system.pool.query(
      `SELECT (SELECT count(*) FROM audit_events) AS audited, (SELECT count(*) FROM ledger) AS moved,
              (SELECT count(*) FROM quote_history) AS hits, (SELECT count(*) FROM outbox) AS waiting`,
    );
    return rows[0];
  };

  test('has no second effect, for every kind of message, also when two operators replay it', async () => {
    const message = new Producer('run:twice').message('ADD,twice,100.00');
    await system.requester.ask(message);
    await system.requester.ask(new Producer('run:quoted').message('QUOTE,twice,TWI'));
    await until(async () => ((await counts()) as { waiting: bigint }).waiting === 0n, {
      what: 'everything is audited',
    });
    const before = await counts();
    const asker = { id: 'twice/run:quoted/1', user: 'twice', number: 1 };
    const row = `1\t0\t1\tuserCommand\ttest\t1\ttwice\trun:twice\t1${'\t\\N'.repeat(8)}\n`;
    await park('commands', renderCommandMessage(message), 'commands');
    await park(
      'quotes',
      Buffer.from(JSON.stringify({ v: 1, symbol: 'TWI', ...asker })),
      'quote-request',
    );
    await park('audit', Buffer.from(row), 'audit-rows.v1');
    const changed = { v: 1, symbol: 'TWI', price: 1_000, receivedAt: 1, causedBy: asker.id };
    await park('triggers', Buffer.from(JSON.stringify(changed)), 'quote-changed');
    for (const { id } of await parkedNow(4)) {
      const results = await Promise.all([replay(id), replay(id)]);
      expect(results.sort()).toEqual(['not-found', 'replayed']);
    }
    await expectSound('after-replay');
    await until(async () => ((await counts()) as { waiting: bigint }).waiting === 0n, {
      what: 'everything is audited',
    });
    const { rows } = await system.pool.query(
      `SELECT count(*) FROM audit_events WHERE user_id = 'twice' AND kind = 'userCommand'`,
    );
    expect([before, rows]).toEqual([before, [{ count: 2n }]]);
    expect(await storedBalance(system.pool, 'twice')).toBe(10_000n);
    expect(await listParked(link, MOST)).toEqual([]);
  }, 240_000);
});
