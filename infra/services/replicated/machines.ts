/** The three machines of a replicated system, on this one. */
import type { Owner } from '../postgres-data.ts';
import { choosePorts } from '../ports.ts';
import { canMakeNamespaces, openNamespaces } from './namespaces.ts';

export const MACHINE_NAMES = ['a', 'b', 'c'] as const;
export type MachineName = (typeof MACHINE_NAMES)[number];

const PORTS = {
  amqp: 5672,
  management: 15_672,
  prometheus: 15_692,
  epmd: 4369,
  distribution: 25_672,
  postgres: 5432,
  patroni: 8008,
  etcd: 2379,
  etcdPeer: 2380,
};
export type MachinePorts = Readonly<Record<keyof typeof PORTS, number>>;
const PORT_NAMES = Object.keys(PORTS) as (keyof typeof PORTS)[];

export type Program = Owner & { readonly command: string; readonly args: readonly string[] };

export type Machine = {
  readonly name: MachineName;
  /** Where the other machines reach it. */
  readonly address: string;
  readonly ports: MachinePorts;
  /** The program as it is started there. */
  readonly on: (program: Program) => Program;
  /** Its own; undefined where machines share ours, and cannot be cut off. */
  readonly network: MachineNetwork | undefined;
};

export type MachineNetwork = {
  readonly namespace: string;
  /** The interface that cuts the machine off when it is down. */
  readonly link: string;
};

export type Machines = {
  readonly all: readonly Machine[];
  /** Where the machines reach us. */
  readonly ourAddress: string;
  /** Ports that were chosen, to be chosen again the next time. */
  readonly chosen: Readonly<Record<string, number>>;
  readonly close: () => void;
};

const LOOPBACK = '127.0.0.1';

/**
 * As root each machine is a network namespace, so that it can be cut off from the others; else they
 * are ports on loopback, whose processes can be killed and paused but not parted.
 */
export async function openMachines(
  id: string,
  remembered: Readonly<Record<string, number>>,
): Promise<Machines> {
  if (canMakeNamespaces()) {
    const { machines, ourAddress, close } = openNamespaces(id, MACHINE_NAMES);
    const all = machines.map((machine) => ({ ...machine, ports: PORTS }));
    return { all, ourAddress, chosen: {}, close };
  }
  const names = MACHINE_NAMES.flatMap((machine) => PORT_NAMES.map((port) => `${machine}.${port}`));
  const chosen: Readonly<Record<string, number>> = await choosePorts(names, remembered);
  return {
    all: MACHINE_NAMES.map((name) => ({
      name,
      address: LOOPBACK,
      ports: portsOf(name, chosen),
      on: (program) => program,
      network: undefined,
    })),
    ourAddress: LOOPBACK,
    chosen,
    close: () => undefined,
  };
}

/** On one address there is one port mapper of Erlang for all nodes. */
function portsOf(machine: string, chosen: Readonly<Record<string, number>>): MachinePorts {
  const ports = PORT_NAMES.map((name) => [name, chosen[`${machine}.${name}`] ?? PORTS[name]]);
  const epmd = chosen[`${MACHINE_NAMES[0]}.epmd`] ?? PORTS.epmd;
  return { ...(Object.fromEntries(ports) as MachinePorts), epmd };
}
