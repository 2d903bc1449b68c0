/** A trigger process: finds the armed triggers that a quote meets, and sends their firings. */
import type { Publication } from '../../shared/amqp/publisher.ts';
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
import { serve } from '../../shared/service/serve.ts';
import type { Service } from '../../shared/service/service.ts';
import { meetQuote } from './meet-quote.ts';
import { askQuotes, sendFirings } from './send.ts';
import { openTriggerMeter } from './trigger-meter.ts';

const PREFETCH = 100;
/** How often the sweep compares armed triggers with the stored quotes; it costs no hit. */
const COMPARE_MS = 5_000;
/** How long after a round was due the watchdog takes its task to hang. */
const LATE_MAX_MS = 60_000;
/** The most firings of one sweep; the next sweep sends the rest. */
const FIRINGS_MAX = 10_000;

await serve('trigger', { connections: CONNECTIONS.trigger }, async (service) => {
  const { config, pool, publisher } = service;
  const { shards, quoteLifetimeMs, triggerRefreshMs = 0 } = config;
  const meter = openTriggerMeter(service.metrics, () => countArmed(pool));
  const fire = async (
    firings: readonly UserFiring[],
    trace?: Publication['trace'],
  ): Promise<void> => {
    await sendFirings(publisher, shards, { firings, trace });
    meter.sent(firings.length);
  };
  await service.consume({
    queue: TRIGGERS_QUEUE_SPEC,
    parse: parseQuoteChanged,
    handle: meetQuote({ metBy: (quote) => triggersMetBy(pool, quote), fire }),
    parkedAs: 'triggers',
    prefetch: PREFETCH,
  });
  const every = everyOn(service);
  every(COMPARE_MS, 'trigger sweep', async () =>
    fire(await triggersMetByLatest(pool, { quoteLifetimeMs, most: FIRINGS_MAX })),
  );
  if (triggerRefreshMs > 0) {
    every(triggerRefreshMs, 'quote refresh', async () =>
      askQuotes(publisher, await staleSymbols(pool, quoteLifetimeMs)),
    );
  }
  return {};
});

/** Returns a function that schedules a task, which may also wait for a broker that takes no messages. */
function everyOn({
  publishing,
  probe,
  schedule,
}: Service): (everyMs: number, name: string, run: () => Promise<void>) => void {
  const probeBoth = async (): Promise<void> => {
    if (!publishing.takesPublishing()) throw new Error('the broker takes no messages');
    await probe();
  };
  return (everyMs, name, run) =>
    schedule({ name, everyMs, silentMaxMs: everyMs + LATE_MAX_MS, probe: probeBoth, run });
}
