/** Audit messages are stored once, and a dump holds every command that was answered before it. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { auditPublication } from '../../../shared/amqp/audit-publication.ts';
import { openLink } from '../../../shared/amqp/link.ts';
import { openPublisher, type Publisher } from '../../../shared/amqp/publisher.ts';
import { renderAuditRows } from '../../../shared/messages/audit-entry.ts';
import type { Outcome } from '../../../shared/messages/answer-message.ts';
import { insertOutbox } from '../../../shared/pg/outbox.ts';
import { inTransaction } from '../../../shared/pg/transaction.ts';
import { recordingLogger } from '../../support/recording-logger.ts';
import { Producer } from '../../support/run-commands.ts';
import { storedAudit } from '../../support/stored.ts';
import { ALL_SHARDS, openConsumers, type Consumers } from '../../support/consumer-system.ts';
import { until } from '../../support/until.ts';

let system: Consumers;
let publisher: Publisher;
let closeLink: () => Promise<void>;
const producer = new Producer('run:dumps');

beforeAll(async () => {
  system = await openConsumers();
  const link = await openLink({ url: system.broker.url, name: 'test', log: recordingLogger() });
  publisher = await openPublisher(link);
  closeLink = () => link.close();
  const [transaction] = await Promise.all([system.start('transaction'), system.start('audit')]);
  transaction.assign(ALL_SHARDS);
});
afterAll(async () => {
  await publisher.close();
  await closeLink();
  await system.close();
});

const run = async (line: string): Promise<Outcome | undefined> =>
  (await system.requester.ask(producer.message(line))).outcomes[0];

/** Makes an audit message of one event with its outbox row, as a consumer that died leaves them. */
async function commitUnpublished(id: string, user: string): Promise<{ id: string; body: string }> {
  const common = { kind: 'userCommand', at: Date.now(), server: 'transaction-9' } as const;
  const body = renderAuditRows([{ ...common, number: 7, user, command: 'ADD' }], id);
  await inTransaction(system.pool, (client) => insertOutbox(client, id, body));
  return { id, body };
}

const eventsOf = async (user: string): Promise<number> =>
  (await storedAudit(system.pool)).filter((event) => event.user === user).length;

/** A dump gives the requester two answers: accepted, and written. */
async function dump(file: string): Promise<string> {
  const path = join(system.home, 'dumps', file);
  const asked = await run(`DUMPLOG,${file}`);
  expect(asked).toEqual({ is: 'accepted', answer: { dump: 'asked', file, path: `dumps/${file}` } });
  await until(
    async () => {
      const { rows } = await system.pool.query(`SELECT FROM dumps WHERE NOT answered`);
      return rows.length === 0;
    },
    { what: 'the dump is written' },
  );
  return readFileSync(path, 'utf8');
}

describe('an audit message', () => {
  test('that comes three times is stored once', async () => {
    const message = await commitUnpublished('900001', 'thrice');
    await Promise.all([1, 2, 3].map(() => publisher.publish(auditPublication(message))));
    expect(await eventsOf('thrice')).toBe(1);
  });

  test('that nobody published is still stored', async () => {
    await commitUnpublished('900002', 'left-over');
    expect(await eventsOf('left-over')).toBe(1);
  });

  test('that cannot be read is parked, and the next ones are stored', async () => {
    const bytes = { id: '900003', body: 'no rows at all' };
    await publisher.publish(auditPublication(bytes));
    const message = await commitUnpublished('900004', 'after-it');
    await publisher.publish(auditPublication(message));
    expect(await eventsOf('after-it')).toBe(1);
  });
});

describe('a dump', () => {
  test('holds everything that was answered before it, and nothing in part', async () => {
    for (let dollars = 1; dollars <= 50; dollars += 1) await run(`ADD,dora,${dollars}.00`);
    const xml = await dump('all.xml');
    expect(xml.match(/<funds>50\.00<\/funds>/g)).toHaveLength(2);
    expect(xml.match(/<username>dora<\/username>/g)).toHaveLength(100);
    expect(xml.startsWith('<?xml version="1.0"?>')).toBe(true);
    expect(xml.trimEnd().endsWith('</log>')).toBe(true);
  });

  test('replaces the file of that name atomically, and leaves no other behind', async () => {
    const folder = join(system.home, 'dumps/below');
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'log.xml'), 'an earlier one');
    const xml = await dump('below/log.xml');
    expect(xml).toContain('</log>');
    expect(readdirSync(folder)).toEqual(['log.xml']);
  });

  test('whose name would leave the folder is rejected, and nothing is written', async () => {
    const outcome = await run('DUMPLOG,../outside.xml');
    expect(outcome).toMatchObject({ is: 'rejected', reason: 'file-name-invalid' });
    expect(existsSync(join(system.home, 'outside.xml'))).toBe(false);
  });
});
