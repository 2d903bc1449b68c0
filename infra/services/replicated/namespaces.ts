/**
 * Simulates machines as network namespaces on a private bridge, which cannot be reached from other
 * hosts.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import type { Machine, MachineName } from './machine.ts';
import type { Program } from '../../host/private-process.ts';

/** The first two numbers of our networks; the third is the first that is free. */
const NETWORK = '10.213';
const NETWORKS_MAX = 250;
const OUR_HOST = 1;
const FIRST_HOST = 11;

const ip = (...args: readonly string[]): string =>
  execFileSync('ip', args, { stdio: ['ignore', 'pipe', 'pipe'] }).toString();

/** Runs `ip` and ignores its errors, for removing what may not exist. */
const ipQuietly = (...args: readonly string[]): void => void spawnSync('ip', args);

/**
 * Returns whether this process can make a namespace, by trying it: root in a container may lack the
 * right.
 */
export function canMakeNamespaces(): boolean {
  if (process.getuid?.() !== 0) return false;
  const trial = `daytrade-${process.pid}`;
  const made = spawnSync('ip', ['netns', 'add', trial]).status === 0;
  if (made) ipQuietly('netns', 'delete', trial);
  return made;
}

type Networked = Omit<Machine, 'ports'>;

/**
 * Makes a bridge, and a namespace for each machine; replaces those that a killed run with this id
 * left.
 */
export function openNamespaces(
  id: string,
  names: readonly MachineName[],
): {
  readonly machines: readonly Networked[];
  readonly ourAddress: string;
  readonly close: () => void;
} {
  const bridge = `dt${id}`;
  const close = (): void => {
    for (const name of names) {
      ipQuietly('link', 'delete', `${bridge}${name}`);
      ipQuietly('netns', 'delete', namespaceOf(id, name));
    }
    ipQuietly('link', 'delete', bridge);
  };
  close();
  const network = freeNetwork();
  ip('link', 'add', bridge, 'type', 'bridge');
  ip('address', 'add', `${network}.${OUR_HOST}/24`, 'dev', bridge);
  ip('link', 'set', bridge, 'up');
  const machines = names.map((name, index): Networked => {
    const address = `${network}.${FIRST_HOST + index}`;
    const link = `${bridge}${name}`;
    const namespace = namespaceOf(id, name);
    addMachine({ namespace, bridge, link, address });
    return {
      name,
      address,
      network: { namespace, link },
      on: (program) => inNamespace(namespace, program),
    };
  });
  return { machines, ourAddress: `${network}.${OUR_HOST}`, close };
}

const namespaceOf = (id: string, name: string): string => `daytrade-${id}-${name}`;

function freeNetwork(): string {
  const taken = ip('-o', '-4', 'address');
  for (let third = 1; third <= NETWORKS_MAX; third += 1) {
    if (!taken.includes(` ${NETWORK}.${third}.`)) return `${NETWORK}.${third}`;
  }
  throw new Error(`every network of ${NETWORK}.0.0 is taken`);
}

function addMachine(machine: {
  readonly namespace: string;
  readonly bridge: string;
  readonly link: string;
  readonly address: string;
}): void {
  const { namespace, bridge, link, address } = machine;
  ip('netns', 'add', namespace);
  ip('link', 'add', link, 'type', 'veth', 'peer', 'name', 'eth0', 'netns', namespace);
  ip('link', 'set', link, 'master', bridge, 'up');
  ip('-n', namespace, 'address', 'add', `${address}/24`, 'dev', 'eth0');
  ip('-n', namespace, 'link', 'set', 'eth0', 'up');
  ip('-n', namespace, 'link', 'set', 'lo', 'up');
}

/**
 * Returns the program in the form that starts it in a namespace. `ip` and `setpriv` exec the
 * program, so it keeps its process id and receives signals itself.
 */
export function inNamespace(namespace: string, { command, args, uid, gid }: Program): Program {
  const asUser =
    uid === undefined || gid === undefined
      ? []
      : ['setpriv', `--reuid=${uid}`, `--regid=${gid}`, '--clear-groups'];
  return { command: 'ip', args: ['netns', 'exec', namespace, ...asUser, command, ...args] };
}
