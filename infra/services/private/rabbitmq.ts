/** Runs a private RabbitMQ in the data folder. */
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { probeBroker } from '../../../shared/amqp/probe.ts';
import { SetUpError } from '../../../shared/runtime/errors.ts';
import { lastLineOf } from '../../host/log-lines.ts';
import { keepRunning, type KeptProcess } from '../../host/keep-running.ts';
import { plainPathOf } from '../../host/plain-path.ts';
import { choosePorts, isFree, reachPort } from '../../host/ports.ts';
import type { PrivateOptions, PrivateService } from './postgres.ts';
import { startProcess, stopLeftover, stopProcess, untilReady } from '../../host/private-process.ts';
import { environmentOf, PORT_NAMES, writeConfig, type Ports } from './rabbitmq-config.ts';
import { newServicePassword, readSettings, writeSettings } from '../../host/settings.ts';

/**
 * As root, the wrappers in /usr/sbin act on the system's own node; the programs in this folder do
 * not.
 */
const BIN = '/usr/lib/rabbitmq/bin';
export const SERVER: string = join(BIN, 'rabbitmq-server');
export const EPMD = '/usr/bin/epmd';
/** Allows for a slow machine; on an idle one it answers in seconds. */
const START_MAX_MS = 120_000;
const STOP_MAX_MS = 20_000;

export const isRabbitInstalled = (): boolean => existsSync(SERVER);

type PrivateRabbit = PrivateService & {
  readonly managementUrl: string;
  readonly metricsPort: number;
};

/**
 * Starts the port mapper and the broker, and resolves when the broker answers. Stops those of a
 * killed run first.
 */
export async function openRabbit(
  options: PrivateOptions & { readonly managementPort: number | undefined },
): Promise<PrivateRabbit> {
  const { home, say } = options;
  await stopLeftovers(home, say);
  const node = await configureNode(options);
  const { ports, password } = node;
  say('Starting RabbitMQ …');
  const mapper = await startMapper(node, options);
  const broker = await startBroker(node, options).catch(async (error: unknown) => {
    await mapper.close();
    throw error;
  });
  return {
    url: urlOf(node),
    metricsPort: ports.prometheus,
    managementUrl: `http://daytrade:${password}@127.0.0.1:${ports.management}/`,
    process: {
      pid: () => broker.pid(),
      restarts: () => broker.restarts(),
      close: async () => {
        await broker.close();
        await mapper.close();
      },
    },
  };
}

/** A configured node: its folder, and what its processes get. */
type PrivateNode = {
  readonly folder: string;
  readonly password: string;
  readonly ports: Ports;
  readonly env: Readonly<Record<string, string>>;
  readonly logFile: string;
};

const urlOf = ({ password, ports }: PrivateNode): string =>
  `amqp://daytrade:${password}@127.0.0.1:${ports.amqp}/daytrade`;

/** Writes the settings and the configuration of the node, with its ports. */
async function configureNode({
  home,
  managementPort,
}: {
  readonly home: string;
  readonly managementPort: number | undefined;
}): Promise<PrivateNode> {
  const folder = join(plainPathOf(home), 'rabbitmq');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const file = join(home, 'rabbitmq.json');
  const remembered = readSettings(file, () => ({
    password: newServicePassword(),
    cookie: randomBytes(18).toString('hex'),
    // The broker's data belongs to a node of this name.
    node: `daytrade-${randomBytes(4).toString('hex')}@localhost`,
    ports: {},
  }));
  const { password, cookie, node } = remembered;
  const chosen = await choosePorts(PORT_NAMES, remembered.ports);
  const management = await resolveManagementPort(chosen.management, managementPort);
  const ports = { ...chosen, management };
  // A requested management port applies to this run only; without a request, the chosen port is
  // used again.
  writeSettings(file, { ...remembered, ports: chosen });
  writeConfig(folder, ports, { password, cookie });
  const env = environmentOf(folder, ports, { node });
  return { folder, password, ports, env, logFile: join(home, 'logs/rabbitmq-start.log') };
}

/**
 * Starts Erlang's port mapper. Erlang would start one by itself, which would outlive the system; as a
 * child process it is stopped.
 */
const startMapper = (node: PrivateNode, options: PrivateOptions): Promise<KeptProcess> =>
  keepNodeProcess(node, {
    ...options,
    name: 'epmd',
    title: 'epmd, the port mapper of RabbitMQ',
    command: EPMD,
    args: ['-port', node.ports.epmd.toString(), '-address', '127.0.0.1'],
    probe: () => reachPort(node.ports.epmd),
    sayRestart: () => undefined,
  });

const startBroker = (node: PrivateNode, options: PrivateOptions): Promise<KeptProcess> =>
  keepNodeProcess(node, {
    ...options,
    name: 'RabbitMQ',
    title: 'RabbitMQ',
    command: SERVER,
    args: [],
    probe: () => probeBroker(urlOf(node)),
    sayRestart: options.say,
  });

type NodeProcess = PrivateOptions & {
  /** The name in the log and, in lower case, of the file that identifies the process. */
  readonly name: string;
  /** The name for people. */
  readonly title: string;
  readonly command: string;
  readonly args: readonly string[];
  /** Rejects until the process answers. */
  readonly probe: () => Promise<unknown>;
  readonly sayRestart: (line: string) => void;
};

/** Keeps a process of the node running; resolves when it answers for the first time. */
function keepNodeProcess(
  { folder, env, logFile }: PrivateNode,
  { home, name, title, command, args, probe, signal, say, sayRestart, log }: NodeProcess,
): Promise<KeptProcess> {
  const pidFile = join(home, `${name.toLowerCase()}.pid`);
  return keepRunning({
    name,
    launch: () => startProcess({ command, args, env, logFile, pidFile, cwd: folder }),
    ready: (child, waiting) =>
      untilReady(probe, {
        name: title,
        child,
        logFile,
        longestMs: START_MAX_MS,
        signal: waiting,
        say,
        explain: notStarted(logFile),
      }),
    stop: (child) => stopProcess(child, 'SIGTERM', STOP_MAX_MS),
    signal,
    say: sayRestart,
    log,
  });
}

async function stopLeftovers(home: string, say: (line: string) => void): Promise<void> {
  const stop = { signal: 'SIGTERM', longestMs: STOP_MAX_MS } as const;
  await stopLeftover(join(home, 'rabbitmq.pid'), {
    ...stop,
    onFound: () => say('Stopping the RabbitMQ of a run that was killed; its data is kept.'),
  });
  await stopLeftover(join(home, 'epmd.pid'), stop);
}

/**
 * Returns the requested management port, or the chosen one without a request. Throws a `SetUpError`
 * if the requested port is taken.
 */
async function resolveManagementPort(
  chosen: number,
  managementPort: number | undefined,
): Promise<number> {
  if (managementPort === undefined) return chosen;
  if (await isFree(managementPort)) return managementPort;
  throw new SetUpError([
    `MANAGEMENT_PORT=${managementPort} is taken by another program.`,
    `\`ss -ltnp sport = :${managementPort}\` says by which.`,
    'Stop that, or choose another port, or leave it out for a free one.',
  ]);
}

const notStarted =
  (logFile: string) =>
  (answer: string): SetUpError =>
    new SetUpError([
      `RabbitMQ did not start: ${answer}`,
      `The last line of its log ${logFile}: ${lastLineOf(logFile)}`,
      'Mend that (rabbitmq.log beside it says more), or set AMQP_URL to a broker that runs.',
    ]);
