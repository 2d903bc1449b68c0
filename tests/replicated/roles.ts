/** Who plays which part in a replicated system now. */
import { postmasterPid } from '../../infra/services/replicated/patroni.ts';
import type { ReplicatedSystem } from './replicated-system.ts';

export type Roles = {
  /** Machines. */
  readonly primary: string;
  readonly standby: string;
  readonly busiestBroker: string;
  readonly brokers: readonly string[];
  /** Brokers by how many queues they lead. */
  readonly busiestFirst: readonly string[];
};

export async function rolesOf(system: ReplicatedSystem): Promise<Roles> {
  const { databases, brokers } = await system.whole();
  const primary = databases.find(({ role }) => role === 'primary')?.machine;
  const standby = databases.find(({ role }) => role === 'synchronous standby')?.machine;
  const busiestFirst = brokers.toSorted((one, other) => other.queuesLed - one.queuesLed);
  const [busiest] = busiestFirst;
  if (primary === undefined || standby === undefined || busiest === undefined) {
    throw new Error('the system is not whole');
  }
  return {
    primary,
    standby,
    busiestBroker: busiest.machine,
    brokers: brokers.map(({ machine }) => machine),
    busiestFirst: busiestFirst.map(({ machine }) => machine),
  };
}

export async function postmasterOf(system: ReplicatedSystem, machine: string): Promise<number> {
  return postmasterPid((await system.machine(machine)).databaseFolder);
}
