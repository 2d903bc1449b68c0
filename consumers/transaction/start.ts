/** Starts a transaction process, which runs the commands of its shards in the order of each user. */
import { DONE } from '../../shared/amqp/fate.ts';
import { openQuoteDesk, type QuoteDesk } from '../../shared/amqp/quote-desk.ts';
import { armingId } from '../../shared/domain/identity.ts';
import { shardOf } from '../../shared/domain/shard.ts';
import { QUOTES_CHANGED_EXCHANGE, quoteFeedQueue } from '../../shared/messages/address.ts';
import { parseCommandMessage, type CommandMessage } from '../../shared/messages/command-message.ts';
import { parseQuoteChanged } from '../../shared/messages/quote-message.ts';
import { openBatchStore } from '../../shared/pg/batch-store.ts';
import { CONNECTIONS } from '../../shared/pg/connection-budget.ts';
import { measureConnectionWaits } from '../../shared/pg/connection-waits.ts';
import { openDatabaseClock, type DatabaseClock } from '../../shared/pg/database-clock.ts';
import { takeNow, watchOutbox } from '../../shared/pg/outbox.ts';
import type { BatchStore } from '../../shared/ports/batch-store.ts';
import { ContractError } from '../../shared/runtime/errors.ts';
import type { ProcessContext } from '../../shared/runtime/lifecycle.ts';
import { newId } from '../../shared/runtime/new-id.ts';
import { sleep, SYSTEM_TIMERS } from '../../shared/runtime/timers.ts';
import type { Serving } from '../../shared/service/serve.ts';
import type { Service, ServiceSpec } from '../../shared/service/service.ts';
import { measureDesk, openBatchMeter } from './batch-meter.ts';
import { Batcher } from './batcher.ts';
import { handleBatch } from './commit-batch.ts';
import { openFeed, type Feed } from './feed.ts';
import type { LaneWork } from './lanes.ts';
import { openShards } from './shards.ts';

/** Batches wait while the outbox holds more audit messages than this. */
const OUTBOX_MAX = 256;
/**
 * Bounds on a batch before the watchdog takes it to hang. A transaction waits for a connection for
 * 5 s at most, and for a lock for 10 s.
 */
const BATCH_BOUNDS = { floorMs: 30_000, ceilingMs: 120_000 };

/** One connection for each batch in flight. The last one of the budget watches the outbox. */
export const TRANSACTION_SPEC: ServiceSpec = {
  connections: CONNECTIONS.transaction - 1,
  pipeline: true,
};

/**
 * Starts the process. The supervisor assigns its shards; without a supervisor it takes all of them.
 * Draining lets the batches in flight finish. Tests pass another store.
 */
export async function startTransaction(
  service: Service,
  openStore: typeof openBatchStore = openBatchStore,
): Promise<Serving> {
  const { name, config, pool, publisher, metrics, log } = service;
  const { shards: shardCount } = config;
  const watch = service.openPool('watch', 1);
  const clock = openDatabaseClock(SYSTEM_TIMERS);
  clock.observe((await takeNow(watch)).now);
  const desk = await openDesk(service, clock);
  const store = openStore(pool);
  const feed = openFeed(service, watch);
  const meter = openBatchMeter(metrics);
  const watched = service.watchdog.operation('batch', BATCH_BOUNDS, service.probe);
  measureDesk(metrics, desk);
  measureConnectionWaits(metrics, pool);
  const batcher = new Batcher({
    ...{ name, publisher, desk, clock, log },
    timers: SYSTEM_TIMERS,
    pause: sleep,
    auditReady: watchOutbox(watch, OUTBOX_MAX),
    handle: (lanes, refuse) =>
      watched(() => meter.measure(() => handle(service, { store, desk, feed, lanes, refuse }))),
  });
  const shards = openShards(service, {
    parse: (body, shard) => parseForShard(body, shard, shardCount),
    handle: (message, delivery) => batcher.add(message, delivery),
    onGone: () => batcher.forgetClosed(),
  });
  if (process.send === undefined) await shards.assign([...Array(shardCount).keys()]);
  return {
    onOrder: (order) => {
      shards.assign(order.shards).catch((error: unknown) => {
        log.error('taking shards failed', { error });
        process.exit(1);
      });
    },
    drain: async () => {
      await batcher.stop();
      await shards.close();
    },
  };
}

const handle = (
  { name, config, log }: ProcessContext,
  work: {
    readonly store: BatchStore;
    readonly desk: QuoteDesk;
    readonly feed: Feed;
    readonly lanes: readonly LaneWork[];
    readonly refuse: boolean;
  },
): ReturnType<typeof handleBatch> =>
  handleBatch(work.store, work.lanes, {
    server: name,
    orderLifetimeMs: config.orderLifetimeMs,
    freshQuote: (symbol, now) => work.desk.fresh(symbol, now),
    newArmingId: () => armingId(newId()),
    refuse: work.refuse,
    debug: config.auditDebug,
    feeds: work.feed.isRead(),
    onDefect: (what, { user, stream, position }) =>
      log.error('invariant broken', { what, user, stream, position }),
  });

/** Parses a command message; throws a `ContractError` if its user is not of the shard. */
function parseForShard(body: Uint8Array, shard: number, shardCount: number): CommandMessage {
  const message = parseCommandMessage(body);
  if (shardOf(message.user, shardCount) === shard) return message;
  throw new ContractError('message-wrong-shard', `the user is not of shard ${shard}`);
}

/**
 * Opens the quote desk. Replies and changed quotes arrive on two exclusive queues of this process,
 * which are declared under new names with each connection.
 */
async function openDesk(
  { name, config, publisher, openOwnQueue, log }: Service,
  clock: DatabaseClock,
): Promise<QuoteDesk> {
  const desk = await openQuoteDesk({
    ...{ name, publisher, openOwnQueue, clock, log },
    timers: SYSTEM_TIMERS,
    quoteLifetimeMs: config.quoteLifetimeMs,
  });
  await openOwnQueue({
    name,
    newQueue: () => quoteFeedQueue(name, newId()),
    follows: QUOTES_CHANGED_EXCHANGE,
    parse: parseQuoteChanged,
    handle: (quote) => {
      desk.learn({ type: 'quote', quote });
      return DONE;
    },
    parking: { from: 'quotes', publisher },
  });
  return desk;
}
