/** A system whose transaction pool is watched: who has the shards, and who stands by. */
import { loadQueues, processOf } from '../../infra/rabbitmq/load-queues.ts';
import { openManagement } from '../../shared/amqp/management.ts';
import { virtualHostOf } from '../../shared/amqp/broker-addresses.ts';
import { until } from '../support/until.ts';
import { openUpSystem, type UpSystem } from '../support/up-system.ts';

const WHOLE_MAX_MS = 60_000;

export type PoolSystem = UpSystem & {
  /** How many transaction processes there are to be. */
  readonly scale: (size: number) => Promise<void>;
  /** Resolves when every process has its share of the shards, and all stand by for the others'. */
  readonly whole: () => Promise<unknown>;
};

export async function openPoolSystem(): Promise<PoolSystem> {
  const system = await openUpSystem({ WEB_PROCESSES: '1' });
  const { amqpUrl, managementUrl = '', shards } = await system.info();
  const management = openManagement(managementUrl);
  let size = 2;
  const isWhole = async (): Promise<boolean> => {
    const queues = await loadQueues(management, virtualHostOf(amqpUrl));
    const commands = queues.filter(({ name }) => name.startsWith('commands.shard.'));
    const active = commands.flatMap((queue) => queue.active).map(processOf);
    const names = [...new Set(active)];
    const shareOf = (name: string): number => active.filter((each) => each === name).length;
    return (
      commands.every((queue) => queue.active.length + queue.standby.length === size) &&
      names.length === size &&
      names.every((name) => shareOf(name) === shards / size)
    );
  };
  return {
    ...system,
    scale: async (wanted) => {
      await system.daytrade(['scale', `transaction=${wanted}`]);
      size = wanted;
    },
    whole: () => until(isWhole, { what: 'every shard is at home', timeoutMs: WHOLE_MAX_MS }),
  };
}
