/**
 * Reads the state of a replicated system's members: which are up, which lead, and how far the
 * others lag.
 */
import type { MachineInfo } from '../../../shared/control/system-info.ts';

export type DatabaseMember = {
  readonly machine: string;
  readonly role: 'primary' | 'synchronous standby' | 'standby';
  readonly state: string;
  /** Bytes behind the primary; undefined for the primary itself, and if it is not known. */
  readonly lagBytes: number | undefined;
};

export type BrokerMember = {
  readonly machine: string;
  readonly isRunning: boolean;
  /**
   * The queues that would lose their majority if this broker stopped too. There are some while
   * another node is still catching up, although that one already counts as running. Undefined if the
   * broker does not answer.
   */
  readonly neededBy: readonly string[] | undefined;
  /** The number of queues whose leader is on this broker. */
  readonly queuesLed: number;
};

export type Members = {
  readonly databases: readonly DatabaseMember[];
  readonly brokers: readonly BrokerMember[];
};

const ANSWER_MAX_MS = 2_000;

/** Returns what the reachable machines report; a list is empty if none of them answers. */
export async function readMembers(machines: readonly MachineInfo[]): Promise<Members> {
  const [databases, brokers] = await Promise.all([
    Promise.allSettled(machines.map(readDatabases)).then(majorityAnswer),
    firstOf(machines, (machine) => readBrokers(machine, machines)),
  ]);
  return { databases: databases ?? [], brokers: brokers ?? [] };
}

async function firstOf<Value>(
  machines: readonly MachineInfo[],
  read: (machine: MachineInfo) => Promise<Value>,
): Promise<Value | undefined> {
  return await Promise.any(machines.map(read)).catch(() => undefined);
}

/**
 * Returns the answer whose primary most members agree on: a member that was cut off reports old
 * state for a while. Undefined if no member answered. Pure.
 */
export function majorityAnswer(
  answers: readonly PromiseSettledResult<readonly DatabaseMember[]>[],
): readonly DatabaseMember[] | undefined {
  const told = answers.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
  const primaryIn = (members: readonly DatabaseMember[]): string | undefined =>
    members.find(({ role }) => role === 'primary')?.machine;
  const agreeing = (members: readonly DatabaseMember[]): number =>
    told.filter((other) => primaryIn(other) === primaryIn(members)).length;
  return told.toSorted((one, other) => agreeing(other) - agreeing(one))[0];
}

type PatroniMember = {
  readonly name: string;
  readonly role: string;
  readonly state: string;
  readonly lag?: number | string;
};

async function readDatabases({ patroniUrl }: MachineInfo): Promise<readonly DatabaseMember[]> {
  const { members } = (await fetchJson(`${patroniUrl}/cluster`)) as {
    members: readonly PatroniMember[];
  };
  // A member that is cut off sees no leader.
  if (!members.some(({ role }) => role === 'leader')) throw new Error('it knows of no primary');
  return members.map(({ name, role, state, lag }) => ({
    machine: name,
    role: roleOf(role),
    state,
    lagBytes: typeof lag === 'number' ? lag : undefined,
  }));
}

const roleOf = (role: string): DatabaseMember['role'] => {
  if (role === 'leader') return 'primary';
  return role === 'sync_standby' ? 'synchronous standby' : 'standby';
};

async function readBrokers(
  { managementUrl }: MachineInfo,
  machines: readonly MachineInfo[],
): Promise<readonly BrokerMember[]> {
  const [nodes, queues] = (await Promise.all([
    fetchJson(`${managementUrl}api/nodes`),
    fetchJson(`${managementUrl}api/queues`),
  ])) as [
    readonly { readonly name: string; readonly running: boolean }[],
    readonly { readonly leader?: string; readonly node?: string }[],
  ];
  const brokers = machines.map(async (machine) => {
    const { name, address } = machine;
    const isOn = (node: string | undefined): boolean =>
      node?.endsWith(`-${name}@${address}`) === true;
    return {
      machine: name,
      isRunning: nodes.some((node) => node.running && isOn(node.name)),
      neededBy: await queuesLackingMembers(machine.managementUrl).catch(() => undefined),
      queuesLed: queues.filter(({ leader, node }) => isOn(leader ?? node)).length,
    };
  });
  return await Promise.all(brokers);
}

/**
 * Returns the queues with a member on this node that have only just a majority in sync. Rejects if
 * the node does not answer.
 */
export async function queuesLackingMembers(managementUrl: string): Promise<readonly string[]> {
  const response = await get(`${managementUrl}api/health/checks/node-is-quorum-critical`);
  const { queues = [] } = (await response.json()) as {
    queues?: readonly { readonly name: string }[];
  };
  // The check fails for other reasons too, without queues in its answer.
  if (!response.ok && queues.length === 0) throw new Error(`answered ${response.status}`);
  return queues.map(({ name }) => name);
}

async function fetchJson(address: string): Promise<unknown> {
  const response = await get(address);
  if (!response.ok) throw new Error(`${response.url} answered ${response.status}`);
  return await response.json();
}

/** Sends the user and password of a URL as a header, because `fetch` refuses them in a URL. */
async function get(address: string): Promise<Response> {
  const url = new URL(address);
  const { username, password } = url;
  url.username = '';
  url.password = '';
  return await fetch(url, {
    signal: AbortSignal.timeout(ANSWER_MAX_MS),
    ...(username !== '' && {
      headers: {
        authorization: `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`,
      },
    }),
  });
}
