/** The faults that chaos causes in a running system. Each has healed when its promise resolves. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Random } from '../../producers/workload/random.ts';
import { commandsQueue } from '../../shared/messages/address.ts';
import type { Pool } from '../../shared/pg/pool.ts';
import { QUOTE_FAULTS } from '../quote-server/fault.ts';
import type { QuoteServer } from '../quote-server/open-quote-server.ts';
import type { System } from '../supervisor/supervisor.ts';
import { raiseAlarm } from './broker-control.ts';
import { closeConnections, deleteQueue, limitQueues, type BrokerTarget } from './broker-faults.ts';
import { holdLocks, terminateConnections } from './database-faults.ts';

export type ChaosTarget = {
  readonly system: System;
  readonly home: string;
  readonly broker: BrokerTarget;
  /** Uses a connection that the faults do not touch. */
  readonly pool: Pool;
  readonly quotes: QuoteServer;
};

type ChaosFault = (target: ChaosTarget, random: Random) => Promise<unknown>;

const SERVICES = ['supervisor', 'rabbitmq', 'postgresql'];

/** Returns the process ids of the pools, or of one pool. */
const workers = ({ system }: ChaosTarget, pool = ''): readonly number[] =>
  system
    .info()
    .processes.filter(({ name }) => !SERVICES.includes(name) && name.startsWith(pool))
    .flatMap(({ pid }) => pid ?? []);

/** Sends a signal; ignores a process that has ended meanwhile. */
function signal(pid: number | undefined, name: NodeJS.Signals): void {
  try {
    if (pid !== undefined) process.kill(pid, name);
  } catch {
    return;
  }
}

const oneOf = <Item>(items: readonly Item[], random: Random): Item | undefined =>
  items[random.below(Math.max(items.length, 1))];

const signalWorker =
  (name: NodeJS.Signals): ChaosFault =>
  (target, random) => {
    signal(oneOf(workers(target), random), name);
    return Promise.resolve();
  };

const signalService =
  (service: string, name: NodeJS.Signals): ChaosFault =>
  ({ system }) => {
    signal(system.info().processes.find((each) => each.name === service)?.pid, name);
    return Promise.resolve();
  };

const killAll = (pids: readonly number[]): void => {
  for (const pid of pids) signal(pid, 'SIGKILL');
};

/**
 * Raises the memory alarm for 2 s. Rejects while the broker is restarting: it cannot raise one
 * then.
 */
async function alarm(target: ChaosTarget): Promise<void> {
  const end = await raiseAlarm(target.home, 'memory');
  await sleep(2_000);
  await end();
}

export const CHAOS_FAULTS: Readonly<Record<string, ChaosFault>> = {
  'kill a process': signalWorker('SIGKILL'),
  'kill every process': (target) => {
    killAll(workers(target));
    return Promise.resolve();
  },
  'end a process': signalWorker('SIGTERM'),
  'pause a process': async (target, random) => {
    const pid = oneOf(workers(target), random);
    signal(pid, 'SIGSTOP');
    await sleep(500 + random.below(7_500));
    signal(pid, 'SIGCONT');
  },
  'scale the transaction pool': async ({ system }, random) => {
    await system.actions.setPoolSize('transaction', 3);
    await sleep(1_000 + random.below(2_000));
    await system.actions.setPoolSize('transaction', 1 + random.below(2));
  },
  'kill the broker': signalService('rabbitmq', 'SIGKILL'),
  'restart the broker': signalService('rabbitmq', 'SIGTERM'),
  'close connections to the broker': ({ broker }) => closeConnections(broker),
  'delete a queue': ({ broker, system }, random) =>
    deleteQueue(broker, commandsQueue(random.below(system.info().shards))),
  // Kills the transaction processes, because a queue fills only while no process consumes from it.
  'refuse messages': async (target) => {
    const lift = await limitQueues(target.broker);
    killAll(workers(target, 'transaction'));
    await sleep(2_000);
    await lift();
  },
  'raise a memory alarm': alarm,
  'kill the database': signalService('postgresql', 'SIGKILL'),
  'end connections to the database': ({ pool }) => terminateConnections(pool),
  'hold the locks': ({ pool }, random) => holdLocks(pool, 500 + random.below(3_500)),
  'break the quote server': async ({ quotes }, random) => {
    await quotes.setFault(oneOf(QUOTE_FAULTS, random));
    await sleep(500 + random.below(4_000));
    await quotes.setFault(undefined);
  },
};
