/** A trigger process: finds the armed triggers that a quote meets, and sends their firings. */
import { openConsumer } from '../../shared/amqp/consumer.ts';
import { declareQueue } from '../../shared/amqp/declare.ts';
import { openLink } from '../../shared/amqp/link.ts';
import { openPublisher, type Publication } from '../../shared/amqp/publisher.ts';
import type { UserFiring } from '../../shared/messages/command-message.ts';
import { parseQuoteChanged } from '../../shared/messages/quote-message.ts';
import { TRIGGERS_QUEUE_SPEC } from '../../shared/messages/topology.ts';
import {
  countArmed,
  staleSymbols,
  triggersMetBy,
  triggersMetByLatest,
} from '../../shared/pg/armed-triggers.ts';
import { CONNECTIONS } from '../../shared/pg/connection-budget.ts';
import { openPool } from '../../shared/pg/pool.ts';
import { probeDatabase } from '../../shared/pg/probe.ts';
import { repeat } from '../../shared/runtime/repeat.ts';
import { runProcess, type ProcessContext, type Running } from '../../shared/runtime/lifecycle.ts';
import { SYSTEM_TIMERS } from '../../shared/runtime/timers.ts';
import { meetQuote } from './meet-quote.ts';
import { askQuotes, sendFirings } from './send.ts';
import { openTriggerMeter } from './trigger-meter.ts';

const PREFETCH = 100;
/** How often the sweep compares armed triggers with the stored quotes; it costs no hit. */
const COMPARE_MS = 5_000;
/** With no round for this long after it was due, not even a failed one, the watchdog takes it to hang. */
const SILENT_MAX_MS = 60_000;
/** The most firings of one sweep; the next sweep sends the rest. */
const FIRINGS_MAX = 10_000;

async function start(context: ProcessContext): Promise<Running> {
  const { name, config, amqpUrl, databaseUrl, metrics, watchdog, tracer, log } = context;
  const pool = openPool({ url: databaseUrl, name, size: CONNECTIONS.trigger, log });
  const publishing = await openLink({ url: amqpUrl, name: `${name} publishing`, tracer, log });
  const consuming = await openLink({ url: amqpUrl, name: `${name} consuming`, tracer, log });
  const publisher = await openPublisher(publishing);
  const meter = openTriggerMeter(metrics, () => countArmed(pool));
  const fire = async (
    firings: readonly UserFiring[],
    trace?: Publication['trace'],
  ): Promise<void> => {
    await sendFirings(publisher, config.shards, { firings, trace });
    meter.sent(firings.length);
  };
  await openConsumer(consuming, {
    name,
    prefetch: PREFETCH,
    log,
    isDurable: true,
    declare: (channel) => declareQueue(channel, TRIGGERS_QUEUE_SPEC),
    parse: parseQuoteChanged,
    handle: meetQuote({ metBy: (quote) => triggersMetBy(pool, quote), fire }),
    parking: { from: 'triggers', publisher },
  });

  const { quoteLifetimeMs, triggerRefreshMs = 0 } = config;
  const compare = async (): Promise<void> =>
    fire(await triggersMetByLatest(pool, { quoteLifetimeMs, most: FIRINGS_MAX }));
  const refresh = async (): Promise<void> =>
    askQuotes(publisher, await staleSymbols(pool, quoteLifetimeMs));
  const probe = async (): Promise<void> => {
    if (!publishing.takesPublishing()) throw new Error('the broker takes no messages');
    await probeDatabase(databaseUrl);
  };
  const every = (ms: number, name: string, round: () => Promise<void>): (() => void) =>
    repeat(round, ms, {
      name,
      timers: SYSTEM_TIMERS,
      onRound: watchdog.task(name, ms + SILENT_MAX_MS, probe),
      log,
    });
  const ends = [every(COMPARE_MS, 'trigger sweep', compare)];
  if (triggerRefreshMs > 0) ends.push(every(triggerRefreshMs, 'quote refresh', refresh));
  return {
    stop: async () => {
      for (const end of ends) end();
      await consuming.close();
      await publishing.close();
      await pool.end();
    },
  };
}

await runProcess('trigger', start);
