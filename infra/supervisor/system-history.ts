/** Records the figures of a running system for the operations page of its web. */
import { virtualHostOf } from '../../shared/amqp/broker-addresses.ts';
import { openManagement } from '../../shared/amqp/management.ts';
import type { Config, PoolName } from '../../shared/runtime/config.ts';
import type { Logger } from '../../shared/runtime/logger.ts';
import { SYSTEM_TIMERS } from '../../shared/runtime/timers.ts';
import { loadBrokerState } from '../figures/broker-series.ts';
import { openHistory, type RecordedFigures } from '../figures/open-history.ts';
import type { ScrapeTarget } from '../figures/scrape.ts';
import type { Services } from '../services/open-services.ts';
import { homeOf } from './home-shards.ts';
import type { ProcessPool } from './process-pool.ts';

type SystemHistoryOptions = {
  readonly config: Pick<Config, 'shards' | 'machine'>;
  readonly services: Pick<Services, 'managementUrl' | 'amqpUrl'>;
  readonly pools: Readonly<Record<PoolName, ProcessPool>>;
  readonly targets: () => readonly ScrapeTarget[];
  readonly log: Logger;
};

/** The longest wait for the broker's management API, in ms: shorter than the time between samples. */
const BROKER_ANSWER_MAX_MS = 3_000;

export function openSystemHistory(options: SystemHistoryOptions): RecordedFigures {
  const { config, services, pools, targets, log } = options;
  const { managementUrl, amqpUrl } = services;
  const management =
    managementUrl === undefined ? undefined : openManagement(managementUrl, BROKER_ANSWER_MAX_MS);
  return openHistory({
    isShown: () => pools.web.members().length > 0,
    targets,
    loadBroker: management && (() => loadBrokerState(management, virtualHostOf(amqpUrl))),
    shardCount: config.shards,
    homeOf: (shard) => homeOf(shard, pools.transaction.members().length * config.machine.of),
    timers: SYSTEM_TIMERS,
    log,
  });
}
