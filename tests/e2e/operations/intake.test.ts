/**
 * Gives a system work: a workload in parts, then messages published by the management API, as the form of the
 * management UI does.
 */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { parkedTarget } from '../../../producers/web/server/parts/parked-target.ts';
import { openLink, type Link } from '../../../shared/amqp/link.ts';
import { openManagement, type Management } from '../../../shared/amqp/management.ts';
import { dropParked, listParked, replayParked, type Replay } from '../../../shared/amqp/parked.ts';
import { openPublisher, type Publisher } from '../../../shared/amqp/publisher.ts';
import { openPool, type Pool } from '../../../shared/pg/pool.ts';
import { recordingLogger } from '../../support/recording-logger.ts';
import { succeeded } from '../../support/run-daytrade.ts';
import { storedBalance } from '../../support/stored.ts';
import { testManagementUrl } from '../../support/test-services.ts';
import { openTestSystem, type TestSystem } from '../../support/test-system.ts';
import { until } from '../../support/until.ts';
import { describeSplitWorkload } from '../split-workload.ts';
import { describeHelp } from './help.ts';

const ANSWERS = 'answers-of-the-test';
const PARKED_MAX = 10;

const log = recordingLogger();
let system: TestSystem;
let management: Management;
let pool: Pool;
let link: Link;
let publisher: Publisher;

beforeAll(async () => {
  system = await openTestSystem({ WEB_PROCESSES: '0' });
  pool = openPool({ url: system.databaseUrl, name: 'test', size: 1, log });
  link = await openLink({ url: system.amqpUrl, name: 'test', log });
  publisher = await openPublisher(link);
  management = openManagement(testManagementUrl());
  await management.ask('PUT', ['queues', system.virtualHost, ANSWERS], { durable: false });
}, 240_000);

afterAll(async () => {
  await publisher.close();
  await link.close();
  await pool.end();
  await system.close();
}, 240_000);

type Properties = { readonly message_id?: string; readonly reply_to?: string };

async function publish(text: string, properties: Properties = {}): Promise<void> {
  await management.ask('POST', ['exchanges', system.virtualHost, 'intake', 'publish'], {
    properties,
    routing_key: 'anything',
    payload: text,
    payload_encoding: 'string',
  });
}

/** An operator's three acts on parked messages. */
type Operator = {
  readonly list: () => Promise<string>;
  readonly replay: (id: string) => Promise<boolean>;
  readonly drop: (id: string) => Promise<boolean>;
};

const succeeds = async (...args: readonly string[]): Promise<boolean> =>
  (await system.daytrade(args)).exitCode === 0;

const byCommandLine: Operator = {
  list: async () => (await succeeded(['parked'], system.daytrade(['parked', 'list']))).output,
  replay: (id) => succeeds('parked', 'replay', id),
  drop: (id) => succeeds('parked', 'drop', id),
};

/** The same acts by the functions that the command line calls, without a process for each. */
const onTheBroker: Operator = {
  list: async () => (await listParked(link, PARKED_MAX)).map(({ id }) => id).join(' '),
  replay: async (id) => {
    const { shards } = await system.info();
    const targetOf: Replay['targetOf'] = (parked) => parkedTarget(parked, shards);
    return (
      (await replayParked({ link, publisher }, { id, targetOf, most: PARKED_MAX })) === 'replayed'
    );
  },
  drop: (id) => dropParked(link, { id, most: PARKED_MAX }),
};

type Report = Readonly<Record<string, unknown>> & {
  readonly outcomes: readonly Record<string, unknown>[];
};

async function takeFrom(queue: string): Promise<Record<string, unknown>> {
  const options = { count: 1, ackmode: 'ack_requeue_false', encoding: 'auto' };
  return await until(
    async () => {
      const path = ['queues', system.virtualHost, queue, 'get'];
      const messages = (await management.ask('POST', path, options)) as Record<string, unknown>[];
      return messages[0];
    },
    { what: `a message in ${queue}` },
  );
}

async function answerTo(text: string, messageId?: string): Promise<Report> {
  const id = messageId === undefined ? {} : { message_id: messageId };
  await publish(text, { reply_to: ANSWERS, ...id });
  return JSON.parse(String((await takeFrom(ANSWERS))['payload'])) as Report;
}

/** In cents. */
async function balanceOf(user: string): Promise<string | undefined> {
  const balance = await storedBalance(pool, user);
  return balance < 0n ? undefined : balance.toString();
}

// Runs first, because its report shows the cash of all accounts.
describeSplitWorkload(() => system);
// `npm run drill -- operations` tries more commands.
describeHelp(['workload', 'up']);

describe('the intake', () => {
  test('a line without a number is numbered, done and answered', async () => {
    const report = await answerTo('ADD,alice,100.00');
    expect(report).toMatchObject({
      accepted: 1,
      outcomes: [{ line: 1, user: 'alice', command: 'ADD', is: 'accepted' }],
    });
    expect(report.outcomes[0]?.['number']).toBeGreaterThanOrEqual(1_000_000_001);
  });

  test('a whole file runs in the order of its lines, and bad lines are reported with the reason', async () => {
    const file = [
      '[1] ADD,bob,100.00',
      '[2] BUY,bob,ABC,1000.00',
      'this is no command',
      '[4] COMMIT_BUY,bob',
      '[5] ADD,bob,-5',
    ].join('\r\n');
    const report = await answerTo(file);
    expect(report).toMatchObject({ accepted: 1, rejected: 3, unreadable: 1 });
    expect(report.outcomes).toMatchObject([
      { line: 1, is: 'accepted' },
      { line: 2, is: 'rejected', reason: 'insufficient-funds' },
      { line: 3, is: 'unreadable', reason: expect.stringContaining('expected') },
      { line: 4, is: 'rejected', reason: 'no-pending-buy' },
      { line: 5, is: 'rejected' },
    ]);
  });

  test('the same message id again has no second effect and the same answer', async () => {
    const first = await answerTo('ADD,carol,10.00', 'deposit-1');
    const again = await answerTo('ADD,carol,10.00', 'deposit-1');
    expect(first.outcomes[0]).toMatchObject({ is: 'accepted' });
    expect(again.outcomes[0]).toMatchObject({ is: 'accepted' });
    expect(await balanceOf('carol')).toBe('1000');
  });

  test('an answer never goes to a queue of the system', async () => {
    const victim = 'triggers.parked';
    await publish('ADD,erin,10.00', { reply_to: victim });
    // Messages are handled one after the other, so the first answer would come before the second.
    await answerTo('ADD,erin,1.00');
    expect(await balanceOf('erin')).toBe('1100');
    const options = { count: 1, ackmode: 'ack_requeue_true', encoding: 'auto' };
    const path = ['queues', system.virtualHost, victim, 'get'];
    expect(await management.ask('POST', path, options)).toEqual([]);
  });

  test('another text under the same id is refused', async () => {
    await answerTo('ADD,dave,10.00', 'deposit-2');
    const other = await answerTo('ADD,dave,99.00', 'deposit-2');
    expect(other.outcomes[0]).toMatchObject({ is: 'rejected', reason: 'key-reused' });
    expect(await balanceOf('dave')).toBe('1000');
  });

  test('a bad line that nobody waits for is parked with its reason', async () => {
    await publish('HELLO,eve\nADD,eve,5.00');
    const parked = await takeFrom('intake.parked');
    expect(parked['payload']).toBe('HELLO,eve\nADD,eve,5.00');
    expect(parked['properties']).toMatchObject({
      headers: { reason: expect.stringMatching(/line 1: .*unknown command/) },
    });
    expect(await balanceOf('eve')).toBe('500');
  });

  test('the same id again is answered with the numbers of the audit log', async () => {
    const first = await answerTo('ADD,frank,1.00\nADD,frank,2.00', 'numbered');
    const again = await answerTo('ADD,frank,1.00\nADD,frank,2.00', 'numbered');
    const numbersIn = ({ outcomes }: Report): unknown => outcomes.map(({ number }) => number);
    expect(numbersIn(again)).toEqual(numbersIn(first));
    expect(await balanceOf('frank')).toBe('300');
  });

  test('other lines under the same id are not run, not even those beyond the first text', async () => {
    const three = 'ADD,grace,1.00\nADD,grace,1.00\nADD,grace,1.00';
    await answerTo(three, 'three-lines');
    const other = await answerTo(`${three}\nADD,grace,50.00\nADD,heidi,50.00`, 'three-lines');
    expect(other).toMatchObject({ accepted: 0, rejected: 5, refused: expect.any(String) });
    expect([await balanceOf('grace'), await balanceOf('heidi')]).toEqual(['300', undefined]);
  });

  test('a command with a bad field that nobody waits for is parked with its reason', async () => {
    await publish('ADD,ivan,1.00\nADD,ivan,-5');
    const parked = await takeFrom('intake.parked');
    expect(parked['properties']).toMatchObject({
      headers: { reason: expect.stringMatching(/line 2: .*"-5" is not an amount/) },
    });
    expect(await balanceOf('ivan')).toBe('100');
  });

  test('a message with a reply_to that cannot be answered is parked, and the next one is handled', async () => {
    await publish('ADD,judy,1.00', { reply_to: 'a\0b' });
    const parked = await takeFrom('intake.parked');
    expect(parked['properties']).toMatchObject({
      headers: { reason: expect.stringContaining('reply_to') },
    });
    expect((await answerTo('ADD,judy,2.00')).outcomes).toMatchObject([{ is: 'accepted' }]);
  });

  const oneParked = (not?: string): Promise<string> =>
    until(
      async () => {
        const [{ id } = {}] = await listParked(link, 1);
        return id !== undefined && id !== not && id;
      },
      { what: 'it is parked' },
    );

  test.each([
    ['with an id', 'rep2', { message_id: 'rep-2' }, byCommandLine],
    ['without an id', 'rep3', {}, onTheBroker],
  ])(
    'a message %s that is replayed pays once, by two operators too',
    async (_, user, properties, { list, replay, drop }) => {
      await publish(`ADD,${user},10.00\nBAD`, properties);
      const first = await oneParked();
      const replays = await Promise.all([replay(first), replay(first)]);
      expect(replays.filter(Boolean)).toHaveLength(1);
      // Its bad line is still bad, so it is parked again, and replayed again.
      const second = await oneParked(first);
      expect(await replay(second)).toBe(true);
      const third = await oneParked(second);
      expect(await list()).toContain(third);
      expect(await drop(third)).toBe(true);
      expect(await balanceOf(user)).toBe('1000');
    },
    240_000,
  );

  /** Lines of almost 4 KiB, mostly spaces, which take little time to run. */
  const fileOf = (user: string, bytes: number): string => {
    const line = `ADD,${user},1.00`.padEnd(4_000);
    return `${line}\n`.repeat(Math.ceil(bytes / (line.length + 1))).slice(0, bytes);
  };
  const MIB = 1_024 * 1_024;

  test('the management API takes a file of 16 MiB', async () => {
    const report = await answerTo(fileOf('kim', 16 * MIB), 'sixteen');
    expect(report).toMatchObject({ accepted: Math.ceil((16 * MIB) / 4_001), unreadable: 0 });
  }, 120_000);

  test('a larger file is parked with the limit as its reason', async () => {
    await publish(fileOf('leo', 16 * MIB + 1));
    const parked = await takeFrom('intake.parked');
    expect(parked['properties']).toMatchObject({
      headers: { reason: expect.stringContaining('expected at most 16777216') },
    });
    expect(await balanceOf('leo')).toBeUndefined();
  }, 120_000);

  test('all stored data is consistent', async () => {
    expect((await system.daytrade(['verify'])).exitCode).toBe(0);
  });
});
