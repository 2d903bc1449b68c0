/** Configures a private RabbitMQ: it listens on loopback only, and has its own names and ports. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

export const PORT_NAMES = ['amqp', 'management', 'prometheus', 'epmd', 'distribution'] as const;
export type Ports = Readonly<Record<(typeof PORT_NAMES)[number], number>>;

/** The broker blocks publishers while less than this much of the disk is free. */
export const DISK_FREE_LIMIT_BYTES = 500_000_000;

/**
 * The largest request body that the management API accepts, in bits. It has room for a message of
 * 16 MiB to `intake`, which escapes can double in JSON. RabbitMQ compares this limit with a count
 * in bits, so its default of 10,000,000 refuses every request above 8 MB, the size of the piece
 * that it reads at once.
 */
const MANAGEMENT_BODY_BITS_MAX = 280_000_000;

/**
 * The largest message that the broker accepts, in bytes: RabbitMQ 3's default. That of 4 is 16 MiB,
 * the most that the intake reads; the broker would refuse larger ones instead of their being
 * parked with the reason.
 */
const MESSAGE_BYTES_MAX = 134_217_728;

/**
 * The longest time that each part of the broker may take to stop. Its management agent alone waits
 * 5 s for statistics that nobody will read (rabbitmq-server pull request 11070). Messages in queues
 * are on the disk.
 */
const APPLICATION_STOP_MS = 1_000;

const LOOPBACK = '127.0.0.1';

type NodePlace = {
  /** The address that the node listens on; loopback by default. */
  readonly address?: string;
  /** Additional lines of its configuration file. */
  readonly more?: readonly string[];
};

/** Writes the configuration, the cookie and the list of plugins into the node's folder. */
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
    `max_message_size = ${MESSAGE_BYTES_MAX}`,
    'raft.wal_max_size_bytes = 67108864',
    'log.file = rabbitmq.log',
    'log.file.level = warning',
    ...more,
  ];
  writeFileSync(join(folder, 'rabbitmq.conf'), `${lines.join('\n')}\n`, { mode: 0o600 });
  // On a command line, every user of the machine could read the cookie, and with it run any code as
  // the broker.
  writeFileSync(join(folder, COOKIE_FILE), cookie, { mode: 0o600 });
  writeFileSync(join(folder, 'enabled_plugins'), '[rabbitmq_management,rabbitmq_prometheus].\n');
}

/**
 * Erlang reads the cookie of a node, and of a program that calls it, from this file in its home
 * folder.
 */
const COOKIE_FILE = '.erlang.cookie';

/**
 * Returns the environment of a node. It has its own node name, port mapper and cookie, so that it
 * never meets another broker of this machine, and reads none of that broker's settings. The path of
 * `folder` must be plain.
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
    // Makes the start script exec the broker: signals then reach it, and it stops in one second
    // instead of six.
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
