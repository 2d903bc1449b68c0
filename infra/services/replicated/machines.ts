/** The three machines of a replicated system, simulated on one. */
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
  /** The address at which the other machines reach it. */
  readonly address: string;
  readonly ports: MachinePorts;
  /** Returns the program in the form that starts it on this machine. */
  readonly on: (program: Program) => Program;
  /**
   * The machine's own network; undefined if the machines share the host's, and so cannot be cut
   * off.
   */
  readonly network: MachineNetwork | undefined;
};

export type MachineNetwork = {
  readonly namespace: string;
  /** The interface that disconnects the machine when it is down. */
  readonly link: string;
};

export type Machines = {
  readonly all: readonly Machine[];
  /** The address at which the machines reach the host. */
  readonly ourAddress: string;
  /** The chosen ports, to be remembered for the next start. */
  readonly chosen: Readonly<Record<string, number>>;
  readonly close: () => void;
};

const LOOPBACK = '127.0.0.1';

/**
 * Opens the machines. For root each is a network namespace, so that it can be cut off from the
 * others. Otherwise each is a set of ports on loopback: its processes can be killed or paused, but
 * not cut off.
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

/**
 * Returns the ports of a machine on loopback. All nodes on one address share one port mapper of
 * Erlang.
 */
function portsOf(machine: string, chosen: Readonly<Record<string, number>>): MachinePorts {
  const ports = PORT_NAMES.map((name) => [name, chosen[`${machine}.${name}`] ?? PORTS[name]]);
  const epmd = chosen[`${MACHINE_NAMES[0]}.epmd`] ?? PORTS.epmd;
  return { ...(Object.fromEntries(ports) as MachinePorts), epmd };
}
