/**
 * Counts the messages in the queues of a running system, or of a given broker while the system is
 * stopped.
 */
import { openLink } from '../../shared/amqp/link.ts';
import { probeBroker } from '../../shared/amqp/probe.ts';
import { loadQueueDepths } from '../../shared/amqp/queue-depths.ts';
import { PARKED_FROM, parkedQueue } from '../../shared/messages/address.ts';
import { topologyOf } from '../../shared/messages/topology.ts';
import type { Config } from '../../shared/runtime/config.ts';
import type { Logger } from '../../shared/runtime/logger.ts';
import { findSystem } from '../../shared/control/control-client.ts';

export type Queued = {
  readonly looked: number;
  /** The queues that hold messages, each with their number. */
  readonly inFlight: readonly string[];
  readonly parkedQueues: number;
  readonly parked: readonly string[];
};

/** Resolves to the counts, or to the reason why the queues could not be read. */
export async function loadQueued(
  config: Config,
  shards: number,
  log: Logger,
): Promise<Queued | string> {
  const url = (await findSystem(config.home))?.info.amqpUrl ?? config.amqpUrl;
  if (url === undefined) return 'the system is stopped, and its broker with it';
  try {
    // Probes first, because a link waits half a minute for a broker that is down.
    await probeBroker(url);
    return await countMessages(url, shards, log);
  } catch (error) {
    return `the broker cannot be asked: ${error instanceof Error ? error.message : String(error)}`;
  }
}

async function countMessages(url: string, shards: number, log: Logger): Promise<Queued> {
  const link = await openLink({ url, name: 'verify', log });
  try {
    const depths = [...(await loadQueueDepths(link, topologyOf(shards)))];
    const parkedNames = new Set(PARKED_FROM.map(parkedQueue));
    const show = (isParked: boolean): readonly string[] =>
      depths
        .filter(([name, depth]) => depth > 0 && parkedNames.has(name) === isParked)
        .map(([name, depth]) => `${name}: ${depth}`);
    return {
      looked: depths.length,
      inFlight: show(false),
      parkedQueues: parkedNames.size,
      parked: show(true),
    };
  } finally {
    await link.close();
  }
}
