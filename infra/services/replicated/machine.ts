/** One of the three machines of a replicated system. */
import type { Program } from '../../host/private-process.ts';

export const MACHINE_NAMES = ['a', 'b', 'c'] as const;
export type MachineName = (typeof MACHINE_NAMES)[number];

/** The port of each service on a machine of its own. */
export const STANDARD_PORTS = {
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
export type MachinePorts = Readonly<Record<keyof typeof STANDARD_PORTS, number>>;
export const MACHINE_PORT_NAMES = Object.keys(STANDARD_PORTS) as (keyof typeof STANDARD_PORTS)[];

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

type MachineNetwork = {
  readonly namespace: string;
  /** The interface that disconnects the machine when it is down. */
  readonly link: string;
};
