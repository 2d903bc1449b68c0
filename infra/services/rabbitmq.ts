/** Runs a private RabbitMQ in the data folder. */
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { probeBroker } from '../../shared/amqp/probe.ts';
import { SetUpError } from '../../shared/runtime/errors.ts';
import { lastLineOf } from '../operations/log-lines.ts';
import { keepRunning } from './keep-running.ts';
import { plainPathOf } from './plain-path.ts';
import { choosePorts, isFree, reachPort } from './ports.ts';
import type { PrivateOptions, PrivateService } from './postgres.ts';
import { startProcess, stopLeftover, stopProcess, untilReady } from './private-process.ts';
import { environmentOf, PORT_NAMES, writeConfig } from './rabbitmq-config.ts';
import { newServicePassword, readSettings, writeSettings } from './settings.ts';

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

/**
 * Starts the port mapper and the broker, and resolves when the broker answers. Stops those of a
 * killed run first.
 */
export async function openRabbit({
  home,
  managementPort,
  signal,
  say,
  log,
}: PrivateOptions & { readonly managementPort: number | undefined }): Promise<
  PrivateService & { readonly managementUrl: string; readonly metricsPort: number }
> {
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
  await stopLeftovers(home, say);
  const chosen = await choosePorts(PORT_NAMES, remembered.ports);
  const ports = {
    ...chosen,
    management: await resolveManagementPort(chosen.management, managementPort),
  };
  // A requested management port applies to this run only; without a request, the chosen port is
  // used again.
  writeSettings(file, { ...remembered, ports: chosen });
  writeConfig(folder, ports, { password, cookie });
  const env = environmentOf(folder, ports, { node });
  const logFile = join(home, 'logs/rabbitmq-start.log');
  const url = `amqp://daytrade:${password}@127.0.0.1:${ports.amqp}/daytrade`;
  say('Starting RabbitMQ …');
  // Erlang would start its port mapper by itself, and it would outlive the system; as a child
  // process it is stopped.
  const mapper = await keepRunning({
    name: 'epmd',
    launch: () =>
      startProcess({
        command: EPMD,
        args: ['-port', ports.epmd.toString(), '-address', '127.0.0.1'],
        env,
        logFile,
        pidFile: join(home, 'epmd.pid'),
        cwd: folder,
      }),
    ready: (child, waiting) =>
      untilReady(() => reachPort(ports.epmd), {
        name: 'epmd, the port mapper of RabbitMQ',
        child,
        logFile,
        longestMs: START_MAX_MS,
        signal: waiting,
        say,
        explain: notStarted(logFile),
      }),
    stop: (child) => stopProcess(child, 'SIGTERM', STOP_MAX_MS),
    signal,
    say: () => undefined,
    log,
  });
  const broker = await keepRunning({
    name: 'RabbitMQ',
    launch: () =>
      startProcess({
        command: SERVER,
        args: [],
        env,
        logFile,
        pidFile: join(home, 'rabbitmq.pid'),
        cwd: folder,
      }),
    ready: (child, waiting) =>
      untilReady(() => probeBroker(url), {
        name: 'RabbitMQ',
        child,
        logFile,
        longestMs: START_MAX_MS,
        signal: waiting,
        say,
        explain: notStarted(logFile),
      }),
    stop: (child) => stopProcess(child, 'SIGTERM', STOP_MAX_MS),
    signal,
    say,
    log,
  }).catch(async (error: unknown) => {
    await mapper.close();
    throw error;
  });
  return {
    url,
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
