/** How a private RabbitMQ is set up: everything on loopback, under names and ports of its own. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

export const PORT_NAMES = ['amqp', 'management', 'prometheus', 'epmd', 'distribution'] as const;
export type Ports = Readonly<Record<(typeof PORT_NAMES)[number], number>>;

/** The broker goes on while this much of the disk is free; below it publishers wait. */
export const DISK_FREE_LIMIT_BYTES = 500_000_000;

/**
 * The largest request that the management API takes. It has room for a message of 16 MiB to `intake`, which
 * escapes can make twice as long in JSON. RabbitMQ counts the request in bits here. With its usual limit of
 * 10,000,000 it therefore refuses every request above 8 MB, the size of the piece that it reads at once.
 */
export const MANAGEMENT_BODY_BITS_MAX = 280_000_000;

/**
 * The most that each part of the broker may take to stop: its management agent alone waits 5 s for
 * statistics that nobody will read (rabbitmq-server pull request 11070). What queues hold is on the disk.
 */
const APPLICATION_STOP_MS = 1_000;

const LOOPBACK = '127.0.0.1';

export type NodePlace = {
  /** What it listens on; loopback where absent. */
  readonly address?: string;
  /** Settings beside the usual ones. */
  readonly more?: readonly string[];
};

export function writeConfig(
  folder: string,
  ports: Ports,
  {
    password,
    cookie,
    address = LOOPBACK,
    more = [],
  }: NodePlace & { readonly password: string; readonly cookie: string },
): void {
  const lines = [
    `listeners.tcp.default = ${address}:${ports.amqp}`,
    `management.tcp.ip = ${address}`,
    `management.tcp.port = ${ports.management}`,
    `management.http.max_body_size = ${MANAGEMENT_BODY_BITS_MAX}`,
    `prometheus.tcp.ip = ${address}`,
    `prometheus.tcp.port = ${ports.prometheus}`,
    'default_user = daytrade',
    `default_pass = ${password}`,
    'default_vhost = daytrade',
    `disk_free_limit.absolute = ${DISK_FREE_LIMIT_BYTES}`,
    'raft.wal_max_size_bytes = 67108864',
    'log.file = rabbitmq.log',
    'log.file.level = warning',
    ...more,
  ];
  writeFileSync(join(folder, 'rabbitmq.conf'), `${lines.join('\n')}\n`, { mode: 0o600 });
  // On a command line everybody on the machine could read it, and with it run any code as the broker.
  writeFileSync(join(folder, COOKIE_FILE), cookie, { mode: 0o600 });
  writeFileSync(join(folder, 'enabled_plugins'), '[rabbitmq_management,rabbitmq_prometheus].\n');
}

/** Erlang reads the cookie of a node, and of whoever calls it, from this file in its home folder. */
const COOKIE_FILE = '.erlang.cookie';

/**
 * Its own node name, port mapper and cookie: a broker of the system is never met, and none of its settings
 * is read. The path of the folder is to be plain.
 */
export function environmentOf(
  folder: string,
  ports: Ports,
  { node, address = LOOPBACK }: { readonly node: string; readonly address?: string },
): Record<string, string> {
  return {
    PATH: `${process.env['PATH'] ?? ''}:/usr/sbin:/usr/bin:/bin`,
    HOME: folder,
    LANG: 'C.UTF-8',
    // The script becomes the broker: a signal reaches it, and it ends in a second instead of six.
    RUNNING_UNDER_SYSTEMD: 'true',
    RABBITMQ_NODENAME: node,
    RABBITMQ_CONFIG_FILE: join(folder, 'rabbitmq'),
    RABBITMQ_CONFIG_FILES: join(folder, 'no-more-settings/*.conf'),
    RABBITMQ_ADVANCED_CONFIG_FILE: join(folder, 'advanced.config'),
    RABBITMQ_ENABLED_PLUGINS_FILE: join(folder, 'enabled_plugins'),
    RABBITMQ_MNESIA_BASE: join(folder, 'data'),
    RABBITMQ_MNESIA_DIR: join(folder, 'data/node'),
    RABBITMQ_LOG_BASE: join(folder, '../logs'),
    RABBITMQ_PID_FILE: join(folder, 'pid'),
    RABBITMQ_DIST_PORT: ports.distribution.toString(),
    RABBITMQ_CONF_ENV_FILE: join(folder, 'no-environment-file'),
    RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS: `-kernel shutdown_timeout ${APPLICATION_STOP_MS} inet_dist_use_interface {${address.replaceAll('.', ',')}} +sbwt none +sbwtdcpu none +sbwtdio none`,
    ERL_EPMD_PORT: ports.epmd.toString(),
    ERL_EPMD_ADDRESS: address,
  };
}
