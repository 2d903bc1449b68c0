/** Metrics of triggers: how many are armed, and how many firings were sent. */
import type { Side } from '../../shared/domain/command.ts';
import { readAtScrape, gaugeAtScrape, type Metrics } from '../../shared/runtime/metrics.ts';

interface TriggerMeter {
  sent(firings: number): void;
}

/** Every trigger process reports the same number of armed triggers: aggregate by the maximum, not the sum. */
export function openTriggerMeter(
  metrics: Metrics,
  countArmed: () => Promise<Readonly<Record<Side, number>>>,
): TriggerMeter {
  let firingsSent = 0;
  gaugeAtScrape(metrics, {
    name: 'daytrade_triggers_armed',
    help: 'Triggers that wait for their price, in the whole system.',
    read: async () => {
      const { buy, sell } = await countArmed();
      return buy + sell;
    },
  });
  readAtScrape(metrics, {
    name: 'daytrade_firings_sent_total',
    help: 'Firings sent to shards; they are checked again there, and one may be sent more than once.',
    type: 'counter',
    labels: [],
    read: () => [{ value: firingsSent }],
  });
  return {
    sent: (firings) => {
      firingsSent += firings;
    },
  };
}
