/** Metrics of the audit log: what is stored, and how far it is behind what is committed. */
import type { OutboxLag } from '../../shared/pg/outbox.ts';
import {
  readAtScrape,
  gaugeAtScrape,
  Histogram,
  type Metrics,
} from '../../shared/runtime/metrics.ts';

interface AuditMeter {
  /** Runs an insert, which resolves to the number of messages it stored, and counts them. */
  insert(work: () => Promise<number>): Promise<number>;
  /** Counts messages that the sweep found in the outbox. */
  storedLeftOver(messages: number): void;
}

const SECONDS = [0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5];

/** Every audit process reports the same lag: aggregate it by the maximum, not the sum. */
export function openAuditMeter(metrics: Metrics, loadLag: () => Promise<OutboxLag>): AuditMeter {
  let stored = 0;
  let leftOver = 0;
  gaugeAtScrape(metrics, {
    name: 'daytrade_audit_lag_messages',
    help: 'Audit messages that are committed and not yet in the audit log; commands wait above 256.',
    read: async () => (await loadLag()).messages,
  });
  gaugeAtScrape(metrics, {
    name: 'daytrade_outbox_age_seconds',
    help: 'How long the oldest committed audit message has waited to be stored.',
    read: async () => (await loadLag()).ageS,
  });
  readAtScrape(metrics, {
    name: 'daytrade_audit_messages_total',
    help: 'Audit messages stored; `left-over` were never published, and found in the outbox.',
    type: 'counter',
    labels: ['from'],
    read: () => [
      { from: 'queue', value: stored },
      { from: 'left-over', value: leftOver },
    ],
  });
  const seconds = new Histogram({
    name: 'daytrade_audit_insert_seconds',
    help: 'How long the database transaction of an insert into the audit log took.',
    buckets: SECONDS,
    registers: [metrics],
  });
  return {
    insert: async (work) => {
      const begun = performance.now();
      const messages = await work();
      seconds.observe((performance.now() - begun) / 1_000);
      stored += messages;
      return messages;
    },
    storedLeftOver: (messages) => {
      leftOver += messages;
    },
  };
}
