/** Runs etcd: its three members agree on which PostgreSQL is the primary. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Machine } from './machine.ts';
import { fetchOk, startMember, type Member } from './member.ts';
import type { ClusterOptions } from './cluster-options.ts';

const ETCD = '/usr/bin/etcd';
const HEARTBEAT_MS = 30;
/**
 * The lost machine may hold etcd's leader: etcd must elect another before Patroni's retries end.
 */
const ELECTION_MS = 300;

export const etcdName = ({ name }: Pick<Machine, 'name'>): string => `etcd-${name}`;
const clientUrl = ({ address, ports }: Machine): string => `http://${address}:${ports.etcd}`;
const peerUrl = ({ address, ports }: Machine): string => `http://${address}:${ports.etcdPeer}`;

/**
 * Starts the etcd member of a machine; resolves when it is healthy, which needs a majority of
 * members.
 */
export function startEtcd(machine: Machine, options: ClusterOptions): Promise<Member> {
  const { home, id, machines } = options;
  const folder = join(home, etcdName(machine));
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const flags = {
    name: machine.name,
    'data-dir': folder,
    'listen-client-urls': clientUrl(machine),
    'advertise-client-urls': clientUrl(machine),
    'listen-peer-urls': peerUrl(machine),
    'initial-advertise-peer-urls': peerUrl(machine),
    'initial-cluster': machines.map((each) => `${each.name}=${peerUrl(each)}`).join(','),
    'initial-cluster-token': id,
    'heartbeat-interval': HEARTBEAT_MS,
    'election-timeout': ELECTION_MS,
    // A member that returns does not depose a leader that the others still hear.
    'pre-vote': 'true',
    'auto-compaction-retention': '1',
    'log-level': 'warn',
  };
  return startMember({
    ...options,
    name: etcdName(machine),
    machine,
    program: {
      command: ETCD,
      args: Object.entries(flags).map(([name, value]) => `--${name}=${value}`),
    },
    env: { PATH: process.env['PATH'], ETCD_UNSUPPORTED_ARCH: process.env['ETCD_UNSUPPORTED_ARCH'] },
    cwd: folder,
    probe: () => fetchOk(`${clientUrl(machine)}/health`),
  });
}
