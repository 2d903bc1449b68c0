/** Changes the number of shards: drains the old queues, then switches the stored number. */
import { deleteExchange, deleteQueues } from '../../shared/amqp/declare.ts';
import { openLink, type Link } from '../../shared/amqp/link.ts';
import { loadQueueDepths } from '../../shared/amqp/queue-depths.ts';
import { commandsExchange, commandsQueue } from '../../shared/messages/address.ts';
import { topologyOf, type Topology } from '../../shared/messages/topology.ts';
import { openPool } from '../../shared/pg/pool.ts';
import { changeShardCount } from '../../shared/pg/shard-count.ts';
import { mapPools, type Config } from '../../shared/runtime/config.ts';
import { CodedError } from '../../shared/runtime/errors.ts';
import type { OpenedLogger } from '../../shared/runtime/logger.ts';
import { openServices, type Services } from '../services/open-services.ts';
import { startSystem } from '../supervisor/supervisor.ts';

type ReshardOptions = {
  readonly config: Config;
  readonly to: number;
  /** Aborts the drain; nothing is changed then. */
  readonly signal: AbortSignal;
  readonly say: (line: string) => void;
  readonly log: OpenedLogger;
};

/** The pools that process commands, but none that sends any. */
const POOLS = { transaction: 2, quote: 1, trigger: 0, audit: 1, intake: 0, web: 0 };
/** Longer than a batch takes, so that a batch in progress is mostly done once nothing waits. */
const POLL_MS = 500;

/**
 * Reshards a stopped system, whose data folder the caller has locked; resolves to the previous
 * number of shards. It can be interrupted anywhere and run again: the next start declares what is
 * missing, and the number is changed last.
 */
export async function reshard(options: ReshardOptions): Promise<number> {
  const { config, say, log } = options;
  const services = await openServices({ config, signal: options.signal, say, log });
  try {
    let from: number;
    do from = await drain(services, options);
    while (await isAnyLeft(services, from, options));
    await switchTo(services, from, options);
    return from;
  } finally {
    await services.close();
  }
}

/**
 * Runs the system until no message waits; resolves to the number of shards. A message that a
 * process did not finish before it was stopped is in its queue again.
 */
async function drain(services: Services, options: ReshardOptions): Promise<number> {
  const { config, signal, say, log } = options;
  const system = await startSystem({
    // Ignores the pool sizes and the shard count of the environment.
    config: { ...config, areShardsGiven: false, processes: mapPools(() => undefined) },
    services,
    pools: POOLS,
    triggerRefreshMs: 0,
    quoteServerFlags: config.quoteServerFlags ?? [],
    fresh: false,
    say,
    log,
  });
  try {
    const { shards } = system.info();
    await withLink(services, log, async (link) => {
      do {
        if (signal.aborted) throw new CodedError('not-finished', 'Stopped; nothing was changed.');
        await new Promise((resolve) => setTimeout(resolve, POLL_MS));
      } while ((await countWaiting(link, shards)) > 0);
    });
    return shards;
  } finally {
    await system.stop();
  }
}

/**
 * Deletes the exchange, then checks whether messages still wait, or wait again. No producer can add
 * any after that. The exchange must exist until then, because a process that takes a shard binds
 * its queue to it.
 */
async function isAnyLeft(
  services: Services,
  from: number,
  { log }: ReshardOptions,
): Promise<boolean> {
  return await withLink(services, log, async (link) => {
    await deleteExchange(link, commandsExchange(from));
    return (await countWaiting(link, from)) > 0;
  });
}

async function switchTo(
  services: Services,
  from: number,
  { to, log }: ReshardOptions,
): Promise<void> {
  const surplus = range(from)
    .filter((shard) => shard >= to)
    .map(commandsQueue);
  await withLink(services, log, (link) => deleteQueues(link, surplus));
  const pool = openPool({ url: services.databaseUrl, name: 'reshard', size: 1, log });
  await changeShardCount(pool, to).finally(() => pool.end());
}

const range = (count: number): readonly number[] => [...Array(count).keys()];

async function withLink<Result>(
  { amqpUrl: url }: Services,
  log: OpenedLogger,
  work: (link: Link) => Promise<Result>,
): Promise<Result> {
  const link = await openLink({ url, name: 'reshard', log });
  try {
    return await work(link);
  } finally {
    await link.close();
  }
}

/** Counts the messages in the shards' queues that are not delivered. */
async function countWaiting(link: Link, shards: number): Promise<number> {
  const names = new Set(range(shards).map(commandsQueue));
  const all = topologyOf(shards);
  const commands: Topology = { ...all, queues: all.queues.filter(({ name }) => names.has(name)) };
  const depths = await loadQueueDepths(link, commands);
  return [...depths.values()].reduce((sum, depth) => sum + depth, 0);
}
