/** A private RabbitMQ under the data folder. */
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { probeBroker } from '../../shared/amqp/probe.ts';
import { SetUpError } from '../../shared/runtime/errors.ts';
import type { Logger } from '../../shared/runtime/logger.ts';
import type { Service } from './open-services.ts';
import { freePort, startProcess, stopProcess, untilReady } from './private-process.ts';
import { newPassword, settingsIn } from './settings.ts';

/** The wrappers in /usr/sbin look at the system's node as root; these do not. */
const BIN = '/usr/lib/rabbitmq/bin';
const START_MAX_MS = 60_000;
const STOP_MAX_MS = 20_000;

type Options = {
  readonly home: string;
  readonly managementPort: number | undefined;
  readonly say: (line: string) => void;
  readonly log: Logger;
};

type Ports = {
  readonly amqp: number;
  readonly management: number;
  readonly prometheus: number;
  readonly epmd: number;
  readonly distribution: number;
};

export async function openRabbit(
  options: Options,
): Promise<Service & { readonly managementUrl: string }> {
  if (!existsSync(join(BIN, 'rabbitmq-server'))) {
    throw new SetUpError([
      'RabbitMQ is not installed.',
      'This program runs a private instance of it under its data folder.',
      'Install it (apt-get install rabbitmq-server), or set AMQP_URL.',
    ]);
  }
  const { home, say } = options;
  const folder = join(home, 'rabbitmq');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const { password, cookie, node } = settingsIn(join(home, 'rabbitmq.json'), () => ({
    password: newPassword(),
    cookie: newPassword().replaceAll(/[^A-Za-z0-9]/g, 'x'),
    // The broker's data belongs to a node of this name.
    node: `daytrade-${randomBytes(4).toString('hex')}@localhost`,
  }));
  const ports = await choosePorts(options.managementPort);
  writeConfig(folder, ports, password);
  say('Starting RabbitMQ …');
  const child = startProcess({
    command: join(BIN, 'rabbitmq-server'),
    args: [],
    env: environment(folder, ports, { cookie, node }),
    logFile: join(home, 'logs/rabbitmq-start.log'),
    cwd: folder,
  });
  const url = `amqp://daytrade:${password}@127.0.0.1:${ports.amqp}/daytrade`;
  await untilReady(() => probeBroker(url), {
    child,
    longestMs: START_MAX_MS,
    explain: () =>
      new SetUpError([
        'RabbitMQ did not start.',
        `Its logs say why: ${join(home, 'logs')}`,
        'Mend that, or set AMQP_URL to a broker that runs.',
      ]),
  });
  return {
    url,
    pid: child.pid,
    managementUrl: `http://daytrade:${password}@127.0.0.1:${ports.management}/`,
    close: () => stopProcess(child, 'SIGTERM', STOP_MAX_MS),
  };
}

async function choosePorts(management: number | undefined): Promise<Ports> {
  const [amqp, managementFree, prometheus, epmd, distribution] = await Promise.all([
    freePort(),
    freePort(),
    freePort(),
    freePort(),
    freePort(),
  ]);
  return { amqp, management: management ?? managementFree, prometheus, epmd, distribution };
}

function writeConfig(folder: string, ports: Ports, password: string): void {
  const lines = [
    `listeners.tcp.default = 127.0.0.1:${ports.amqp}`,
    'management.tcp.ip = 127.0.0.1',
    `management.tcp.port = ${ports.management}`,
    'prometheus.tcp.ip = 127.0.0.1',
    `prometheus.tcp.port = ${ports.prometheus}`,
    'default_user = daytrade',
    `default_pass = ${password}`,
    'default_vhost = daytrade',
    'disk_free_limit.absolute = 500MB',
    'raft.wal_max_size_bytes = 67108864',
    'log.file = rabbitmq.log',
    'log.file.level = warning',
  ];
  writeFileSync(join(folder, 'rabbitmq.conf'), `${lines.join('\n')}\n`, { mode: 0o600 });
  writeFileSync(join(folder, 'enabled_plugins'), '[rabbitmq_management,rabbitmq_prometheus].\n');
}

/** Its own node name, port mapper and cookie: a broker of the system is never met. */
function environment(
  folder: string,
  ports: Ports,
  { cookie, node }: { readonly cookie: string; readonly node: string },
): Record<string, string> {
  return {
    PATH: `${process.env['PATH'] ?? ''}:/usr/sbin:/usr/bin:/bin`,
    HOME: folder,
    LANG: 'C.UTF-8',
    RABBITMQ_NODENAME: node,
    RABBITMQ_CONFIG_FILE: join(folder, 'rabbitmq'),
    RABBITMQ_ENABLED_PLUGINS_FILE: join(folder, 'enabled_plugins'),
    RABBITMQ_MNESIA_BASE: join(folder, 'data'),
    RABBITMQ_MNESIA_DIR: join(folder, 'data/node'),
    RABBITMQ_LOG_BASE: join(folder, '../logs'),
    RABBITMQ_PID_FILE: join(folder, 'pid'),
    RABBITMQ_DIST_PORT: ports.distribution.toString(),
    RABBITMQ_CONF_ENV_FILE: join(folder, 'no-environment-file'),
    RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS: `-setcookie ${cookie} -kernel inet_dist_use_interface {127,0,0,1} +sbwt none +sbwtdcpu none +sbwtdio none`,
    ERL_EPMD_PORT: ports.epmd.toString(),
    ERL_EPMD_ADDRESS: '127.0.0.1',
  };
}
