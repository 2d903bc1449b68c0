/** A dump survives transient faults, ends as not written after permanent ones, and blocks no other. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Answer, Outcome } from '../../../shared/messages/answer-message.ts';
import { withConnection } from '../../../shared/pg/connection.ts';
import { verifyStored } from '../../../shared/pg/verify.ts';
import { ALL_SHARDS, openConsumers, type Consumers } from '../../support/consumer-system.ts';
import { Producer } from '../../support/run-commands.ts';
import { storedAudit } from '../../support/stored.ts';
import { until } from '../../support/until.ts';

/** Shorter than the wait for any lock. */
const UNBLOCKED_MS = 5_000;
const TAKEN_AGAIN_MS = 40_000;
const TEST_MS = 240_000;
const EVENTS = 30_000;

let system: Consumers;
const producer = new Producer('run:dump-faults');

beforeAll(async () => {
  system = await openConsumers();
  const [transaction] = await Promise.all([
    system.start('transaction'),
    system.start('audit'),
    system.start('audit'),
  ]);
  transaction.assign(ALL_SHARDS);
  await system.pool.query(
    `INSERT INTO audit_events (outbox_id, index, at, kind, server, number, user_id, message)
     SELECT -i, 0, i, 'debugEvent', 'test', 1, 'nobody', repeat('x', 100)
       FROM generate_series(1, $1::int) AS i`,
    [EVENTS],
  );
}, TEST_MS);
afterAll(() => system.close());

const isSettled = ({ outcomes: [outcome] }: Answer): boolean =>
  outcome?.is !== 'accepted' || outcome.answer?.['dump'] !== 'asked';

/** Resolves to the final outcome of a command. */
const settled = async (line: string): Promise<Outcome | undefined> =>
  (await system.requester.ask(producer.message(line), isSettled)).outcomes[0];

const contentOf = (path: string): string => readFileSync(join(system.home, path), 'utf8');

const unfinished = (): readonly string[] => {
  const folder = join(system.home, 'unfinished-dumps');
  return existsSync(folder) ? readdirSync(folder) : [];
};

const errorEvents = async (): Promise<readonly string[]> =>
  (await storedAudit(system.pool))
    .filter(({ kind, command }) => kind === 'errorEvent' && command === 'DUMPLOG')
    .map(({ message }) => message ?? '');

describe('a dump whose connection is lost while it is written', () => {
  test(
    'is still written, and so is the next',
    async () => {
      const dumped = settled('DUMPLOG,lost.xml');
      await until(() => unfinished().length > 0, { what: 'the dump is being written' });
      const { rowCount } = await system.pool.query(
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
          WHERE datname = current_database() AND application_name LIKE 'audit%'`,
      );
      expect(rowCount).toBeGreaterThan(0);
      const written = { is: 'accepted', answer: { dump: 'written', path: 'dumps/lost.xml' } };
      await expect(dumped).resolves.toMatchObject(written);
      expect(contentOf('dumps/lost.xml').match(/<debugEvent>/g)).toHaveLength(EVENTS);
      await expect(settled('DUMPLOG,next.xml')).resolves.toMatchObject({ is: 'accepted' });
      expect(contentOf('dumps/next.xml').trimEnd().endsWith('</log>')).toBe(true);
      expect(unfinished()).toEqual([]);
    },
    TEST_MS,
  );
});

describe('a DUMPLOG that comes again while its dump is written', () => {
  test(
    'blocks no batch, and both requesters are answered',
    async () => {
      const message = producer.message('DUMPLOG,again.xml');
      await withConnection(system.pool, async (client) => {
        await client.query('BEGIN; LOCK TABLE audit_events IN ACCESS EXCLUSIVE MODE');
        await client.query('SET LOCAL idle_in_transaction_session_timeout = 0');
        void system.requester.ask(message);
        const held = `SELECT FROM dumps WHERE NOT answered AND taken_by IS NOT NULL`;
        await until(async () => (await system.pool.query(held)).rowCount === 1, {
          what: 'the writer holds the dump, and waits for the log',
        });
        let repeated: Answer | undefined;
        void system.requester.ask({ ...message, again: true }).then((answer) => {
          repeated = answer;
        });
        await until(() => repeated, {
          what: 'the repeated request is answered',
          timeoutMs: UNBLOCKED_MS,
        });
        await client.query('ROLLBACK');
      });
      await until(() => existsSync(join(system.home, 'dumps/again.xml')), {
        what: 'the dump is written',
        timeoutMs: TAKEN_AGAIN_MS,
      });
      const answered = await system.requester.ask({ ...message, again: true }, isSettled);
      expect(answered.outcomes[0]).toMatchObject({ answer: { dump: 'written' } });
    },
    TEST_MS,
  );
});

describe('a dump that can never be written', () => {
  test('is accepted and not written, with one errorEvent and no path of the machine', async () => {
    await settled('DUMPLOG,carol,a');
    const outcome = await settled('DUMPLOG,carol,a/b');
    expect(outcome).toEqual({
      is: 'accepted',
      number: 2,
      answer: {
        dump: 'not-written',
        file: 'a/b',
        path: 'user-dumps/@carol/a/b',
        code: 'dump-failed',
        message: 'a part of its path is a file, not a folder',
      },
    });
    expect(await errorEvents()).toEqual([
      'dump-failed: a part of its path is a file, not a folder',
    ]);
    expect(JSON.stringify(await storedAudit(system.pool))).not.toContain(system.home);
  });

  test('nor in place of a folder', async () => {
    await settled('DUMPLOG,folder/log.xml');
    expect(await settled('DUMPLOG,folder')).toMatchObject({
      is: 'accepted',
      answer: { dump: 'not-written', message: 'a folder has this name' },
    });
    expect(await errorEvents()).toHaveLength(2);
    expect(unfinished()).toEqual([]);
  });

  test('leaves a log that verifies', async () => {
    const findings = await withConnection(system.pool, async (client) => {
      const found = await verifyStored(client, 60_000);
      await client.query('ROLLBACK');
      return found;
    });
    expect(findings.filter(({ offenders }) => offenders > 0)).toEqual([]);
  });
});

describe('dumps of one name', () => {
  test('by several owners are several files', async () => {
    for (const user of ['alice', 'bob', '..']) {
      await settled(`ADD,${user},1.00`);
      await settled(`DUMPLOG,${user},same.xml`);
    }
    await settled('DUMPLOG,same.xml');
    await settled('DUMPLOG,user-dumps/@alice/same.xml');
    expect(contentOf('user-dumps/@alice/same.xml')).not.toContain('bob');
    expect(contentOf('user-dumps/@bob/same.xml')).not.toContain('alice');
    expect(contentOf('user-dumps/@../same.xml')).not.toContain('alice');
    expect(contentOf('dumps/same.xml')).toContain('nobody');
  });
});

describe('a file name', () => {
  test('of the greatest length is written', async () => {
    const file = `${'é'.repeat(100)}/`.repeat(4) + 'x'.repeat(196);
    expect(await settled(`DUMPLOG,dave,${file}`)).toMatchObject({ answer: { dump: 'written' } });
  });

  test.each(['x'.repeat(201), 'tab\t', '\u0085'])(
    'such as %j in a message is rejected, and audited without it',
    async (file) => {
      const message = producer.message('DUMPLOG,erin,x');
      const commands = [
        { number: message.position, command: { type: 'DUMPLOG', scope: 'user', file } as const },
      ];
      const { outcomes } = await system.requester.ask({ ...message, commands });
      expect(outcomes).toMatchObject([{ is: 'rejected', reason: 'file-name-invalid' }]);
    },
  );
});
