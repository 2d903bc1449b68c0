/** Opens the three machines of a replicated system, simulated on one. */
import { choosePorts } from '../../host/ports.ts';
import {
  MACHINE_NAMES,
  MACHINE_PORT_NAMES,
  STANDARD_PORTS,
  type Machine,
  type MachinePorts,
} from './machine.ts';
import { canMakeNamespaces, openNamespaces } from './namespaces.ts';

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
    const all = machines.map((machine) => ({ ...machine, ports: STANDARD_PORTS }));
    return { all, ourAddress, chosen: {}, close };
  }
  const names = MACHINE_NAMES.flatMap((machine) =>
    MACHINE_PORT_NAMES.map((port) => `${machine}.${port}`),
  );
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
  const ports = MACHINE_PORT_NAMES.map((name) => [
    name,
    chosen[`${machine}.${name}`] ?? STANDARD_PORTS[name],
  ]);
  const epmd = chosen[`${MACHINE_NAMES[0]}.epmd`] ?? STANDARD_PORTS.epmd;
  return { ...(Object.fromEntries(ports) as MachinePorts), epmd };
}
