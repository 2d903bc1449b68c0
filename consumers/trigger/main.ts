/** A trigger process: finds the armed triggers that a quote meets, and sends their firings. */
import type { Publication } from '../../shared/amqp/publisher.ts';
import type { UserFiring } from '../../shared/messages/command-message.ts';
import { parseQuoteChanged } from '../../shared/messages/quote-message.ts';
import { TRIGGERS_QUEUE_SPEC } from '../../shared/messages/topology.ts';
import { countArmed, triggersMetBy } from '../../shared/pg/armed-triggers.ts';
import { CONNECTIONS } from '../../shared/pg/connection-budget.ts';
import { serve } from '../../shared/service/serve.ts';
import { meetQuote } from './meet-quote.ts';
import { sendFirings } from './send.ts';
import { startSweeps } from './sweeps.ts';
import { openTriggerMeter } from './trigger-meter.ts';

/** The most unacked quotes. */
const PREFETCH = 100;

const SPEC = { connections: CONNECTIONS.trigger };

await serve('trigger', SPEC, async (service) => {
  const { config, pool, publisher } = service;
  const meter = openTriggerMeter(service.metrics, () => countArmed(pool));
  const fire = async (
    firings: readonly UserFiring[],
    trace?: Publication['trace'],
  ): Promise<void> => {
    await sendFirings(publisher, config.shards, { firings, trace });
    meter.sent(firings.length);
  };
  await service.consume({
    queue: TRIGGERS_QUEUE_SPEC,
    parse: parseQuoteChanged,
    handle: meetQuote({ metBy: (quote) => triggersMetBy(pool, quote), fire }),
    parkedAs: 'triggers',
    prefetch: PREFETCH,
  });
  startSweeps(service, fire);
  return {};
});
