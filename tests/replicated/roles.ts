/** Who plays which part in a replicated system now. */
import { postmasterOf as postmasterIn } from '../../infra/services/private/left-behind.ts';
import type { ReplicatedSystem } from './replicated-system.ts';

export type Roles = {
  /** Machines. */
  readonly primary: string;
  readonly standby: string;
  readonly brokers: readonly string[];
  /** The same, by how many queues they lead. */
  readonly busiestFirst: readonly [string, ...string[]];
};

export async function rolesOf(system: ReplicatedSystem): Promise<Roles> {
  const { databases, brokers } = await system.whole();
  const primary = databases.find(({ role }) => role === 'primary')?.machine;
  const standby = databases.find(({ role }) => role === 'synchronous standby')?.machine;
  const [busiest, ...others] = brokers
    .toSorted((one, other) => other.queuesLed - one.queuesLed)
    .map(({ machine }) => machine);
  if (primary === undefined || standby === undefined || busiest === undefined) {
    throw new Error('the system is not whole');
  }
  return {
    primary,
    standby,
    brokers: brokers.map(({ machine }) => machine),
    busiestFirst: [busiest, ...others],
  };
}

export async function postmasterOf(system: ReplicatedSystem, machine: string): Promise<number> {
  const pid = postmasterIn((await system.machine(machine)).databaseFolder);
  if (pid === undefined) throw new Error(`there is no PostgreSQL on machine ${machine}`);
  return pid;
}
