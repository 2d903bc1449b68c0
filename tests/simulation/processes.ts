/** The consumers of the system: the real handlers, wired as their main files do, on the fakes. */
import { openInserter } from '../../consumers/audit/inserter.ts';
import { outboxIdOf } from '../../consumers/audit/outbox-id-of.ts';
import { LegacyClient } from '../../consumers/quote/legacy-client.ts';
import { LEGACY_LIMITS } from '../../consumers/quote/legacy-limits.ts';
import { QuoteObtainer } from '../../consumers/quote/obtain-quote.ts';
import {
  publishHit,
  publishQuoteChanged,
  serveRequest,
} from '../../consumers/quote/publish-quote.ts';
import { openQuoteBook } from '../../consumers/quote/quote-book.ts';
import { storeHit } from '../../consumers/quote/store-quote.ts';
import { HitError } from '../../consumers/quote/hit.ts';
import { Batcher } from '../../consumers/transaction/batcher.ts';
import type { BatchContext } from '../../consumers/transaction/decide-command.ts';
import { handleBatch } from '../../consumers/transaction/commit-batch.ts';
import { meetQuote } from '../../consumers/trigger/meet-quote.ts';
import { repeat } from '../../shared/runtime/repeat.ts';
import { askQuotes, sendFirings } from '../../consumers/trigger/send.ts';
import { DONE, type Fate } from '../../shared/amqp/fate.ts';
import { openQuoteDesk, type QuoteDesk } from '../../shared/amqp/quote-desk.ts';
import { armingId } from '../../shared/domain/identity.ts';
import {
  AUDIT_QUEUE,
  commandsQueue,
  QUOTE_SHARDS,
  quoteRequestsQueue,
  QUOTES_CHANGED_EXCHANGE,
  TRIGGERS_QUEUE,
} from '../../shared/messages/address.ts';
import { parseCommandMessage } from '../../shared/messages/command-message.ts';
import { parseQuoteChanged, parseQuoteRequest } from '../../shared/messages/quote-message.ts';
import { openDatabaseClock } from '../../shared/pg/database-clock.ts';
import type { QuoteClaims } from '../../shared/pg/quote-claims.ts';
import type { BatchStore } from '../../shared/ports/batch-store.ts';
import { QuoteCache } from '../../shared/runtime/quote-cache.ts';
import { consumeOn, ownQueuesOf } from './consume.ts';
import { usedKey, type Parts } from './parts.ts';
import { ackedAtOnce, insertWithoutClaim, withoutPositions } from './planted.ts';
import { unavailable, type SimulatedProcess } from './process.ts';

const COMPARE_MS = 5_000;
const LEFT_OVER_MS = 1_000;

export async function startTransaction(process: SimulatedProcess, parts: Parts): Promise<void> {
  const { broker, database, settings, planted } = parts;
  const publisher = broker.publisherOf(process);
  const clock = openDatabaseClock(process.timers);
  clock.observe(database.now());
  const desk = await openDesk(process, parts, { clock, publisher });
  const store = batchesOf(process, parts);
  const batcher = new Batcher({
    name: process.name,
    publisher,
    desk,
    clock,
    timers: process.timers,
    log: process.log,
    pause: process.wait,
    auditReady: () => Promise.resolve(),
    handle: (lanes, refuse) =>
      handleBatch(
        planted === 'positions-not-checked' ? withoutPositions(store, lanes) : store,
        lanes,
        contextOf(process, parts, { desk, refuse }),
      ),
  });
  for (let shard = 0; shard < settings.shardCount; shard += 1) {
    consumeOn(process, broker, {
      queue: commandsQueue(shard),
      parse: parseCommandMessage,
      handle: (message, delivery) => batcher.add(message, delivery),
      ...(planted === 'ack-before-commit' && { receive: ackedAtOnce }),
      onGone: () => batcher.forgetClosed(),
    });
  }
}

async function openDesk(
  process: SimulatedProcess,
  { broker, settings }: Parts,
  { clock, publisher }: Pick<Parameters<typeof openQuoteDesk>[0], 'clock' | 'publisher'>,
): Promise<QuoteDesk> {
  const { name, timers, log } = process;
  const { quoteLifetimeMs } = settings;
  const openOwnQueue = ownQueuesOf(process, broker);
  const desk = await openQuoteDesk({
    ...{ name, publisher, openOwnQueue, clock, timers, quoteLifetimeMs, log },
  });
  consumeOn(process, broker, {
    queue: `feed.${name}`,
    follows: QUOTES_CHANGED_EXCHANGE,
    parse: parseQuoteChanged,
    handle: (quote): Fate => {
      desk.learn({ type: 'quote', quote });
      return DONE;
    },
  });
  return desk;
}

const contextOf = (
  { name }: SimulatedProcess,
  { settings, used, newArmingId }: Parts,
  { desk, refuse }: { readonly desk: QuoteDesk; readonly refuse: boolean },
): BatchContext => ({
  server: name,
  orderLifetimeMs: settings.orderLifetimeMs,
  freshQuote: (symbol, now) => {
    const quote = desk.fresh(symbol, now);
    if (quote !== undefined) used.set(usedKey(name, now, symbol), quote);
    return quote;
  },
  newArmingId: () => armingId(newArmingId()),
  refuse,
  debug: false,
  feeds: false,
  onDefect: (what) => {
    throw new Error(`invariant broken: ${what}`);
  },
});

/** The store of a process. Each statement takes time, and the process may die at it. */
function batchesOf(process: SimulatedProcess, { faults }: Parts): BatchStore {
  return {
    inTransaction: async (work) => {
      await process.stepAt('before-transaction');
      if (faults.strikes('database error')) throw unavailable('the database is away');
      const result = await process.session.batches.inTransaction(async (transaction) => {
        const done = await work({
          load: async (needs) => {
            const loaded = await transaction.load(needs);
            await process.stepAt('in-transaction');
            return loaded;
          },
          save: (writes, at) => transaction.save(writes, at),
        });
        await process.stepAt('before-commit');
        if (faults.strikes('database error')) throw unavailable('the connection broke');
        return done;
      });
      await process.stepAt('after-commit');
      if (faults.strikes('commit answer lost')) throw unavailable('the answer was lost');
      return result;
    },
  };
}

export function startQuote(process: SimulatedProcess, parts: Parts): void {
  const { broker, database, legacy, settings, faults } = parts;
  const { timers, log } = process;
  const { quoteLifetimeMs } = settings;
  const clock = openDatabaseClock(timers);
  clock.observe(database.now());
  const publishDeps = { publisher: broker.publisherOf(process), log };
  const claims = claimsOf(process);
  const hit = legacy.hitOf(process);
  const client = new LegacyClient({
    hit: (question, signal) =>
      claims.holds(question.symbol)
        ? hit(question, signal)
        : Promise.reject(new HitError('claim-lost', false)),
    timers,
    random: () => faults.random.fraction(),
    limits: LEGACY_LIMITS,
    onBadAnswer: () => undefined,
    onBreaker: () => undefined,
  });
  const obtainer = new QuoteObtainer({
    timers,
    clock,
    quoteLifetimeMs,
    claims,
    load: (symbol) => process.onDatabase(() => database.loadQuote(symbol)),
    ask: (symbol, { user }, options) => client.ask(symbol, user, options),
    store: async (answered) => {
      const stored = await storeHit(answered, {
        quotes: {
          takeNow: () => process.onDatabase(() => database.takeNow()),
          commitHit: (record, isAgain) =>
            process.onDatabase(() => process.session.quotes.commitHit(record, isAgain)),
        },
        timers,
        server: process.name,
        quoteLifetimeMs,
        pause: process.wait,
        onHeld: () => undefined,
      });
      publishHit(stored, answered.asker, publishDeps);
      return stored.quote;
    },
    onChanged: (quote, asker) => void publishQuoteChanged(quote, asker, publishDeps),
  });
  const book = openQuoteBook({
    clock,
    cache: new QuoteCache({ quoteLifetimeMs }),
    obtain: (symbol, asker) => obtainer.obtain(symbol, asker),
    log,
  });
  for (let shard = 0; shard < QUOTE_SHARDS; shard += 1) {
    consumeOn(process, broker, {
      queue: quoteRequestsQueue(shard),
      parse: parseQuoteRequest,
      handle: serveRequest(book, publishDeps),
    });
  }
}

/** Drops a session that fails, with its locks, as the adapter does. */
const claimsOf = (process: SimulatedProcess): QuoteClaims => ({
  claim: async (symbol) => {
    const { claims } = process.session;
    try {
      return await process.onDatabase(() => claims.claim(symbol));
    } catch (error) {
      await claims.release(symbol);
      throw error;
    }
  },
  holds: (symbol) => process.session.claims.holds(symbol),
  release: async (symbol) => {
    await process.step('release');
    await process.session.claims.release(symbol);
  },
  close: () => Promise.resolve(),
});

export function startTrigger(process: SimulatedProcess, parts: Parts): void {
  const { broker, database, settings } = parts;
  const { log, timers } = process;
  const publisher = broker.publisherOf(process);
  const fire = (firings: Parameters<typeof sendFirings>[2]['firings']): Promise<void> =>
    sendFirings(publisher, settings.shardCount, { firings });
  consumeOn(process, broker, {
    queue: TRIGGERS_QUEUE,
    parse: parseQuoteChanged,
    handle: meetQuote({
      metBy: (quote) => process.onDatabase(() => database.triggersMetBy(quote)),
      fire,
    }),
  });
  const { quoteLifetimeMs, triggerRefreshMs } = settings;
  const compare = async (): Promise<void> =>
    fire(await process.onDatabase(() => database.triggersMetByLatest(quoteLifetimeMs)));
  const refresh = async (): Promise<void> =>
    askQuotes(publisher, await process.onDatabase(() => database.staleSymbols(quoteLifetimeMs)));
  repeat(compare, COMPARE_MS, { name: 'trigger sweep', timers, log });
  if (triggerRefreshMs > 0)
    repeat(refresh, triggerRefreshMs, { name: 'quote refresh', timers, log });
}

export function startAudit(process: SimulatedProcess, { broker, database, planted }: Parts): void {
  const { log, timers } = process;
  const inserter = openInserter({
    insert: (messages) =>
      process.onDatabase(() =>
        planted === 'outbox-not-taken'
          ? insertWithoutClaim(database, messages)
          : database.insertAudit(messages),
      ),
    pause: process.wait,
    timers,
    log,
  });
  consumeOn(process, broker, {
    queue: AUDIT_QUEUE,
    parse: (body, delivery) => ({ outboxId: outboxIdOf(delivery), body }),
    handle: (message, delivery) => inserter.store(message, delivery),
  });
  const storeLeftOver = async (): Promise<void> => {
    await process.onDatabase(() => database.insertLeftOver({ olderThanS: 2, most: 32 }));
  };
  repeat(storeLeftOver, LEFT_OVER_MS, { name: 'republishing', timers, log });
}
