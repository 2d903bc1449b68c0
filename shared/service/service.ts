/** Opens what every process of the system needs: pools, links, a publisher, consumers and tasks. */
import { openConsumer, type Consumer } from '../amqp/consumer.ts';
import { declareQueue } from '../amqp/declare.ts';
import { openFateMeter } from '../amqp/fate-meter.ts';
import type { Handling } from '../amqp/handle-delivery.ts';
import { openLink, type Link } from '../amqp/link.ts';
import { ownQueuesOn, type OpenOwnQueue } from '../amqp/own-queue.ts';
import { openPublisher, type Publisher } from '../amqp/publisher.ts';
import type { ParkedFrom } from '../messages/address.ts';
import type { QueueSpec } from '../messages/topology.ts';
import { openPool, type Pool } from '../pg/pool.ts';
import { probeDatabase } from '../pg/probe.ts';
import type { ProcessContext } from '../runtime/lifecycle.ts';
import { repeat } from '../runtime/repeat.ts';
import { SYSTEM_TIMERS } from '../runtime/timers.ts';

export type ServiceSpec = {
  /** The most connections of its main pool. */
  readonly connections: number;
  /** Whether the statements of a transaction go out without waiting for each other; see `PoolOptions`. */
  readonly pipeline?: boolean;
};

type Consumption<Message> = Omit<Handling<Message>, 'parking'> & {
  readonly queue: QueueSpec;
  /** Which queue takes its parked messages. Absent if they are only logged. */
  readonly parkedAs?: ParkedFrom;
  /** The most unacked messages. */
  readonly prefetch: number;
  /** Called when the channel is lost: the broker delivers again all messages that were not acked. */
  readonly onGone?: () => void;
};

type PeriodicTask = {
  readonly name: string;
  readonly everyMs: number;
  /** With no round for this long, not even a failed one, the watchdog takes the task to hang. */
  readonly silentMaxMs: number;
  /** Rejects while a service that the task waits for is away. If absent, the database is probed. */
  readonly probe?: () => Promise<void>;
  readonly run: () => Promise<void>;
};

export type Service = ProcessContext & {
  readonly pool: Pool;
  /** The link for publishing. Consuming has its own, because a blocked broker stops reading this one. */
  readonly publishing: Link;
  readonly publisher: Publisher;
  /** Opens another pool, which is closed with the process. `suffix` ends the name of its sessions. */
  readonly openPool: (suffix: string, size: number) => Pool;
  /** Consumes from a durable queue. */
  readonly consume: <Message>(consumption: Consumption<Message>) => Promise<Consumer>;
  readonly openOwnQueue: OpenOwnQueue;
  /** Runs a task at an interval, under the watchdog, until the process stops. */
  readonly schedule: (task: PeriodicTask) => void;
  /** Rejects while the database is away. */
  readonly probe: () => Promise<void>;
  /** Closes all consumers. The broker delivers their unacked messages to other processes. */
  readonly stopConsuming: () => Promise<void>;
};

export type OpenedService = {
  readonly service: Service;
  /** Starts no more rounds of scheduled tasks. */
  readonly stopTasks: () => void;
  /** Closes the links, then the pools. */
  readonly close: () => Promise<void>;
};

/** Opens a service. Rejects as `openLink` does. */
export async function openService(
  context: ProcessContext,
  { connections, pipeline = false }: ServiceSpec,
): Promise<OpenedService> {
  const { name, databaseUrl: url, watchdog, log } = context;
  const pool = openPool({ url, name, size: connections, pipeline, log });
  const pools = [pool];
  const [publishing, consuming] = await openLinks(context);
  const publisher = await openPublisher(publishing);
  const probe = (): Promise<void> => probeDatabase(url);
  const stops: (() => void)[] = [];
  let closing: Promise<void> | undefined;
  const stopConsuming = (): Promise<void> => (closing ??= consuming.close());

  const service: Service = {
    ...context,
    ...{ pool, publishing, publisher, probe, stopConsuming },
    openOwnQueue: ownQueuesOn(consuming),
    openPool: (suffix, size) => {
      const another = openPool({ url, name: `${name}-${suffix}`, size, log });
      pools.push(another);
      return another;
    },
    consume: ({ queue, parkedAs, ...consumption }) =>
      openConsumer(consuming, {
        ...consumption,
        ...(parkedAs !== undefined && { parking: { from: parkedAs, publisher } }),
        name,
        log,
        isDurable: true,
        declare: (channel) => declareQueue(channel, queue),
      }),
    schedule: ({ name: task, everyMs, silentMaxMs, probe: probeOf = probe, run }) => {
      const onRound = watchdog.task(task, silentMaxMs, probeOf);
      stops.push(repeat(run, everyMs, { name: task, timers: SYSTEM_TIMERS, onRound, log }));
    },
  };
  return {
    service,
    stopTasks: () => stops.forEach((stop) => stop()),
    close: async () => {
      await stopConsuming();
      await publishing.close();
      await Promise.all(pools.map((each) => each.end()));
    },
  };
}

/** Opens the links for publishing and consuming, in this order. */
async function openLinks({
  name,
  amqpUrl: url,
  metrics,
  tracer,
  log,
}: ProcessContext): Promise<readonly [Link, Link]> {
  const fates = openFateMeter(metrics);
  const open = (what: string): Promise<Link> =>
    openLink({ url, name: `${name} ${what}`, tracer, fates, log });
  return await Promise.all([open('publishing'), open('consuming')]);
}
