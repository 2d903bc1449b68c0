/** Samples the metrics of a running system, and keeps the last hour of its figures. */
import { selectorsIn } from '../alerts/expression.ts';
import { readAlertRules } from '../alerts/read-rules.ts';
import type { SeriesByName } from '../alerts/snapshot.ts';
import { commandsQueue } from '../../shared/messages/address.ts';
import type { Logger } from '../../shared/runtime/logger.ts';
import { repeat } from '../../shared/runtime/repeat.ts';
import type { Timers } from '../../shared/runtime/timers.ts';
import type { OperationsShard, OperationsView } from '../../shared/web-api/operations.ts';
import { processOf, type QueueState } from '../rabbitmq/load-queues.ts';
import type { BrokerState } from './broker-series.ts';
import { FIGURE_SERIES } from './figures-of.ts';
import { groupBy } from './group-by.ts';
import type { NamedValue } from './parse-series.ts';
import { Recorder, FIGURES_EVERY_MS } from './recorder.ts';
import { scrapeAll, type ScrapeTarget } from './scrape.ts';

export type RecordedFigures = {
  /** Returns the samples after an instant, in Unix ms, and the present state. */
  readonly view: (after: number) => OperationsView;
  readonly close: () => void;
};

type HistoryOptions = {
  /** Whether anybody can see the figures; otherwise nothing is sampled. */
  readonly isShown: () => boolean;
  readonly targets: () => readonly ScrapeTarget[];
  /** Undefined if the broker's management API is not known. */
  readonly loadBroker: (() => Promise<BrokerState>) | undefined;
  readonly shardCount: number;
  readonly homeOf: (shard: number) => string;
  readonly timers: Timers;
  readonly log: Logger;
};

export function openHistory(options: HistoryOptions): RecordedFigures {
  const rules = readAlertRules();
  const recorder = new Recorder(rules);
  const selectors = rules.flatMap(({ expression }) => selectorsIn(expression));
  const wanted = new Set([...FIGURE_SERIES, ...selectors.map(({ name }) => name)]);
  const { isShown, timers, log } = options;
  let sampledAt = -Infinity;
  let viewedAt = -Infinity;
  const sample = async (): Promise<void> => {
    const now = timers.now();
    const isWatched = now - viewedAt < WATCHED_FOR_MS;
    if (!isShown() || (!isWatched && now - sampledAt < UNWATCHED_EVERY_MS)) return;
    sampledAt = now;
    recorder.observe(await observe(options, wanted));
  };
  // The counters at the start are what later ones are compared with.
  sample().catch((error: unknown) => log.warn('not sampled', { error }));
  const close = repeat(sample, FIGURES_EVERY_MS, { name: 'sample the figures', timers, log });
  const view = (after: number): OperationsView => {
    viewedAt = timers.now();
    return recorder.view(after);
  };
  return { view, close };
}

/** While nobody looks, samples are as far apart as Prometheus's. */
const UNWATCHED_EVERY_MS = 3 * FIGURES_EVERY_MS;
const WATCHED_FOR_MS = 60_000;

async function observe(
  options: HistoryOptions,
  wanted: ReadonlySet<string>,
): Promise<Parameters<Recorder['observe']>[0]> {
  const { targets, loadBroker, timers } = options;
  const [scraped, broker] = await Promise.all([
    scrapeAll(targets(), (name) => wanted.has(name)),
    loadBroker?.().catch((error: unknown) => (error instanceof Error ? error : new Error())),
  ]);
  const isKnown = broker !== undefined && !(broker instanceof Error);
  const faults = isKnown ? [] : [broker?.message ?? NO_MANAGEMENT];
  return {
    snapshot: { at: timers.now(), series: byName([...scraped, ...(isKnown ? broker.series : [])]) },
    now: Date.now(),
    shards: isKnown ? shardsOf(broker.queues, options) : undefined,
    faults,
  };
}

const NO_MANAGEMENT =
  'The shards are not known, nor is what waits in queues: set AMQP_MANAGEMENT_URL.';

const byName = (values: readonly NamedValue[]): SeriesByName => groupBy(values, ({ name }) => name);

function shardsOf(
  queues: readonly QueueState[],
  { shardCount, homeOf }: HistoryOptions,
): readonly OperationsShard[] {
  const byQueue = new Map(queues.map((queue) => [queue.name, queue]));
  return [...Array(shardCount).keys()].map((shard) => {
    const queue = byQueue.get(commandsQueue(shard));
    const [tag] = queue?.active ?? [];
    return {
      shard,
      waiting: (queue?.ready ?? 0) + (queue?.unacked ?? 0),
      holder: tag === undefined ? null : processOf(tag),
      home: homeOf(shard),
    };
  });
}
