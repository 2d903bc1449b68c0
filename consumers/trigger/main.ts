/** The trigger consumer: finds the armed triggers that a quote meets, and sends them to be fired. */
import { openConsumer, type Delivery } from '../../shared/amqp/consumer.ts';
import { declareQueue } from '../../shared/amqp/declare.ts';
import { openLink } from '../../shared/amqp/link.ts';
import { readOrPark } from '../../shared/amqp/park.ts';
import { openPublisher, type Publisher } from '../../shared/amqp/publisher.ts';
import { shardOf } from '../../shared/domain/shard.ts';
import {
  commandsExchange,
  QUOTE_REQUESTS_EXCHANGE,
  QUOTE_SHARDS,
  shardKey,
} from '../../shared/messages/address.ts';
import { renderCommandMessage, type UserFiring } from '../../shared/messages/command-message.ts';
import { parseQuoteChanged, renderQuoteRequest } from '../../shared/messages/quote-message.ts';
import { TRIGGERS_QUEUE_SPEC } from '../../shared/messages/topology.ts';
import {
  staleSymbols,
  triggersMetBy,
  triggersMetByLatest,
  type StaleSymbol,
} from '../../shared/pg/armed-triggers.ts';
import { openPool } from '../../shared/pg/pool.ts';
import { backoffMs } from '../../shared/runtime/backoff.ts';
import { runProcess, type ProcessContext, type Running } from '../../shared/runtime/lifecycle.ts';

const PREFETCH = 100;
/** How often armed triggers are compared with the latest quotes; it costs no hit. */
const COMPARE_MS = 5_000;
/** A comparison sends this many at most; the next one sends the rest. */
const FIRINGS_MAX = 10_000;
const RETRY = { firstMs: 100, longestMs: 2_000 };

async function start(context: ProcessContext): Promise<Running> {
  const { name, config, amqpUrl, databaseUrl, log } = context;
  const pool = openPool({ url: databaseUrl, name, size: 2, log });
  const publishing = await openLink({ url: amqpUrl, name: `${name} publishing`, log });
  const consuming = await openLink({ url: amqpUrl, name: `${name} consuming`, log });
  const publisher = await openPublisher(publishing);
  const fire = (firings: readonly UserFiring[]): Promise<void> =>
    sendFirings(publisher, config.shards, firings);

  /** Sent again until it is done: firing removes the arming, so twice does no harm. */
  const meet = async (delivery: Delivery): Promise<void> => {
    const quote = readOrPark(delivery, parseQuoteChanged, { from: 'triggers', publisher, log });
    if (quote === undefined) return;
    for (let attempt = 0; delivery.isOpen(); attempt += 1) {
      try {
        await fire(await triggersMetBy(pool, quote));
        delivery.ack();
        return;
      } catch (error) {
        log.warn('firing held', { symbol: quote.symbol, error });
        await new Promise((resolve) => setTimeout(resolve, backoffMs(attempt, RETRY)));
      }
    }
  };
  await openConsumer(consuming, {
    queue: TRIGGERS_QUEUE_SPEC.name,
    name,
    prefetch: PREFETCH,
    log,
    declare: (channel) => declareQueue(channel, TRIGGERS_QUEUE_SPEC),
    onDelivery: (delivery) => void meet(delivery),
  });

  const { quoteLifetimeMs, triggerRefreshMs = 0 } = config;
  const compare = async (): Promise<void> =>
    fire(await triggersMetByLatest(pool, { quoteLifetimeMs, most: FIRINGS_MAX }));
  const refresh = async (): Promise<void> =>
    askQuotes(publisher, await staleSymbols(pool, quoteLifetimeMs));
  const timers = [repeat(compare, COMPARE_MS, context)];
  if (triggerRefreshMs > 0) timers.push(repeat(refresh, triggerRefreshMs, context));
  return {
    stop: async () => {
      timers.forEach(clearInterval);
      await consuming.close();
      await publishing.close();
      await pool.end();
    },
  };
}

/** Runs a task again and again, never twice at once. */
function repeat(
  task: () => Promise<void>,
  everyMs: number,
  { log }: ProcessContext,
): NodeJS.Timeout {
  let isRunning = false;
  return setInterval(() => {
    if (isRunning) return;
    isRunning = true;
    task()
      .catch((error: unknown) => log.warn('sweep held', { error }))
      .finally(() => {
        isRunning = false;
      });
  }, everyMs);
}

async function sendFirings(
  publisher: Publisher,
  shardCount: number,
  firings: readonly UserFiring[],
): Promise<void> {
  await Promise.all(
    firings.map((firing) =>
      publisher.publish({
        exchange: commandsExchange(shardCount),
        key: shardKey(shardOf(firing.user, shardCount)),
        body: renderCommandMessage(firing),
        type: 'firing',
      }),
    ),
  );
}

/** Nobody waits for these replies: the news of a changed price comes to everyone. */
async function askQuotes(publisher: Publisher, stale: readonly StaleSymbol[]): Promise<void> {
  await Promise.all(
    stale.map(({ symbol, user, number, armingId }) =>
      publisher.publish({
        exchange: QUOTE_REQUESTS_EXCHANGE,
        key: shardKey(shardOf(symbol, QUOTE_SHARDS)),
        body: renderQuoteRequest({ symbol, asker: { id: `arming/${armingId}`, user, number } }),
        type: 'quote-request',
        transient: true,
      }),
    ),
  );
}

await runProcess('trigger', start);
