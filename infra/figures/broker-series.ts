/**
 * Makes the series of the broker from its management API, which a given broker has too, under the
 * names of its Prometheus plugin.
 */
import type { Management } from '../../shared/amqp/management.ts';
import { loadAlarms, type NodeAlarms } from '../rabbitmq/load-alarms.ts';
import { loadQueues, type QueueState } from '../rabbitmq/load-queues.ts';
import type { NamedValue } from './parse-series.ts';

export type BrokerState = {
  readonly queues: readonly QueueState[];
  readonly series: readonly NamedValue[];
};

export async function loadBrokerState(
  management: Management,
  virtualHost: string,
): Promise<BrokerState> {
  const [queues, nodes] = await Promise.all([
    loadQueues(management, virtualHost),
    loadAlarms(management),
  ]);
  return { queues, series: [...queues.flatMap(seriesOfQueue), ...nodes.flatMap(seriesOfNode)] };
}

const seriesOfQueue = (queue: QueueState): readonly NamedValue[] => {
  const labels = { queue: queue.name };
  return [
    {
      name: 'rabbitmq_detailed_queue_consumers',
      labels,
      value: queue.active.length + queue.standby.length,
    },
    { name: 'rabbitmq_detailed_queue_messages', labels, value: queue.ready + queue.unacked },
  ];
};

const seriesOfNode = (
  { diskFree, diskLimit }: NodeAlarms,
  index: number,
): readonly NamedValue[] => {
  const labels = { node: index.toString() };
  return [
    { name: 'rabbitmq_disk_space_available_bytes', labels, value: diskFree },
    { name: 'rabbitmq_disk_space_available_limit_bytes', labels, value: diskLimit },
  ];
};
