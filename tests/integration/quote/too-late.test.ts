/** A command whose deadline has passed causes no hit, at any place of its quote request. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { openLink, type Link } from '../../../shared/amqp/link.ts';
import { openPublisher, type Publisher } from '../../../shared/amqp/publisher.ts';
import { shardOf } from '../../../shared/domain/shard.ts';
import { instant } from '../../../shared/domain/time.ts';
import {
  QUOTE_REQUESTS_EXCHANGE,
  QUOTE_SHARDS,
  shardKey,
} from '../../../shared/messages/address.ts';
import type { UserCommands } from '../../../shared/messages/command-message.ts';
import { renderQuoteRequest } from '../../../shared/messages/quote-message.ts';
import { takeNow } from '../../../shared/pg/outbox.ts';
import { ALL_SHARDS, openConsumers, type Consumers } from '../../support/consumer-system.ts';
import { askerOf, symbolOf } from '../../support/quote-names.ts';
import { recordingLogger } from '../../support/recording-logger.ts';
import { Producer } from '../../support/run-commands.ts';
import { storedAudit } from '../../support/stored.ts';
import { until } from '../../support/until.ts';

let system: Consumers;
let link: Link;
let publisher: Publisher;

beforeAll(async () => {
  system = await openConsumers();
  link = await openLink({ url: system.broker.url, name: 'asker', log: recordingLogger() });
  publisher = await openPublisher(link);
  const [transaction] = await Promise.all([system.start('transaction'), system.start('audit')]);
  transaction.assign(ALL_SHARDS);
});
afterAll(async () => {
  await link.close();
  await system.close();
});

/** Returns the time after `ms` by the database's clock, which decides whether a command is too late. */
const soon = async (ms: number): Promise<number> => (await takeNow(system.pool)).now + ms;

const commandOf = async (line: string, deadlineMs: number): Promise<UserCommands> => ({
  ...new Producer(`hand:${line}`).message(line),
  deadline: instant(await soon(deadlineMs)),
});

const hitsOn = (symbol: string): readonly string[] =>
  system.legacy.hits.filter((hit) => hit.startsWith(`${symbol},`));

describe('a command with a deadline', () => {
  const LINES = ['QUOTE,alice,LTE', 'BUY,rich,LTE,50.00', 'QUOTE,carol,LTE'];

  test('is rejected at its deadline while no quote process answers', async () => {
    await system.requester.ask(new Producer('run:rich').message('ADD,rich,100.00'));
    const asked = LINES.map(async (line) => system.requester.ask(await commandOf(line, 700)));
    const answers = await Promise.all(asked);
    for (const { outcomes } of answers) {
      expect(outcomes).toMatchObject([{ is: 'rejected', reason: 'too-late' }]);
    }
  });

  test('causes no hit afterwards, when a quote process comes back', async () => {
    await system.start('quote');
    // It is answered after all requests that were before it in the queues.
    const marker = new Producer('run:marker').message('QUOTE,alice,MRK');
    expect((await system.requester.ask(marker)).outcomes).toMatchObject([{ is: 'accepted' }]);
    expect(hitsOn('LTE')).toEqual([]);
  });

  test('causes no hit by a request that says it is too late', async () => {
    const late = { symbol: symbolOf('LAT'), asker: askerOf('late', await soon(-1)) };
    const inTime = { symbol: symbolOf('LAT'), asker: askerOf('in-time', await soon(60_000)) };
    const publish = (request: typeof late): Promise<void> =>
      publisher.publish({
        exchange: QUOTE_REQUESTS_EXCHANGE,
        key: shardKey(shardOf(request.symbol, QUOTE_SHARDS)),
        body: renderQuoteRequest(request),
        type: 'quote-request',
      });
    await publish(late);
    await publish({ ...inTime, symbol: symbolOf('INT') });
    await until(() => hitsOn('INT').length === 1, { what: 'the one in time is hit for' });
    expect(hitsOn('LAT')).toEqual([]);
    await publish(inTime);
    await until(() => hitsOn('LAT').length === 1, { what: 'the symbol is hit for in time' });
  });

  test('is served while it is in time, by a hit of its own', async () => {
    const answer = await system.requester.ask(await commandOf('QUOTE,dave,DAV', 10_000));
    expect(answer.outcomes).toMatchObject([{ is: 'accepted' }]);
    const audit = await until(
      async () => {
        const found = await storedAudit(system.pool);
        return found.some(({ kind, user }) => kind === 'quoteServer' && user === 'dave') && found;
      },
      { what: 'the hit is audited' },
    );
    expect(audit.filter(({ kind }) => kind === 'quoteServer')).toHaveLength(4);
  });
});
