/** Runs HAProxy: one database address that follows the primary. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { reachPort } from '../../host/ports.ts';
import type { ClusterOptions } from './cluster-options.ts';
import { startMember, type Member } from './member.ts';

const HAPROXY = '/usr/sbin/haproxy';
export const HAPROXY_NAME = 'haproxy';

/**
 * Starts HAProxy on this machine. It asks Patroni several times a second which member is the
 * primary.
 */
export function startHaproxy(port: number, options: ClusterOptions): Promise<Member> {
  const folder = join(options.home, HAPROXY_NAME);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const file = join(folder, 'haproxy.cfg');
  writeFileSync(file, renderConfig(port, options));
  return startMember({
    ...options,
    name: HAPROXY_NAME,
    machine: { on: (program) => program },
    program: { command: HAPROXY, args: ['-db', '-f', file] },
    env: { PATH: process.env['PATH'] },
    cwd: folder,
    probe: () => reachPort(port),
  });
}

/**
 * Renders the configuration. HAProxy closes sessions to a member that is no longer the primary;
 * clients redo their work. It does not retry an unreachable member, which would take a second each
 * time: clients reconnect, to the new primary.
 */
const renderConfig = (port: number, { machines }: ClusterOptions): string => `global
  maxconn 1000
defaults
  mode tcp
  timeout connect 1s
  timeout check 1s
  retries 0
  timeout client 1d
  timeout server 1d
  option clitcpka
  option srvtcpka
listen database
  bind 127.0.0.1:${port}
  option httpchk GET /primary
  http-check expect status 200
  default-server inter 300ms fastinter 100ms downinter 150ms fall 2 rise 1 on-marked-down shutdown-sessions
${machines
  .map(
    ({ name, address, ports }) =>
      `  server ${name} ${address}:${ports.postgres} check port ${ports.patroni}\n`,
  )
  .join('')}`;
