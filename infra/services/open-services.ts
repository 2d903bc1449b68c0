/** PostgreSQL and RabbitMQ: those given, or private instances for the data folder. */
import { probeBroker } from '../../shared/amqp/probe.ts';
import { probeGivenDatabase } from '../../shared/pg/probe.ts';
import type { Config } from '../../shared/runtime/config.ts';
import { ConfigError } from '../../shared/runtime/errors.ts';
import type { Logger } from '../../shared/runtime/logger.ts';
import { openManagement } from '../rabbitmq/management.ts';
import { checkRoom, roomsOf } from './check-room.ts';
import { installPackages } from './debian.ts';
import { reachGiven } from './given.ts';
import type { KeptProcess } from './keep-running.ts';
import { newestBinaries, openPostgres } from './postgres.ts';
import { isRabbitInstalled, openRabbit } from './rabbitmq.ts';
import type { MachineInfo } from '../supervisor/control-server.ts';
import { openReplicated } from './replicated/open-replicated.ts';
import { isReplicated } from './replicated/settings-file.ts';

export type ServiceProcess = {
  readonly name: string;
  /** Undefined while it is being started again. */
  readonly pid: number | undefined;
  readonly restarts: number;
};

export type Services = {
  readonly databaseUrl: string;
  /** Empty where only the database was asked for. */
  readonly amqpUrl: string;
  /** With user and password; undefined where a given broker has none we know of. */
  readonly managementUrl: string | undefined;
  /** Where the private broker serves its own metrics. */
  readonly brokerMetricsPort: number | undefined;
  /** Where the private database keeps its data; undefined for a given one. */
  readonly databaseFolder: string | undefined;
  /** The private ones, as they are now. */
  readonly processes: () => readonly ServiceProcess[];
  /** Of a replicated system; empty else. */
  readonly machines: readonly MachineInfo[];
  /** Stops what was started here. */
  readonly close: () => Promise<void>;
};

export type OpenServicesOptions = {
  readonly config: Config;
  /** PostgreSQL alone is enough to read what is stored. */
  readonly only?: 'database';
  /** Aborts the start: what was opened is closed, and its reason is what is thrown. */
  readonly signal?: AbortSignal;
  readonly say: (line: string) => void;
  readonly log: Logger;
};

type Starting = OpenServicesOptions & { readonly signal: AbortSignal };

/** Opens both side by side: the broker takes several seconds to start. Where one fails, neither stays. */
export async function openServices(options: OpenServicesOptions): Promise<Services> {
  const failed = new AbortController();
  const signal = AbortSignal.any([failed.signal, ...(options.signal ? [options.signal] : [])]);
  const starting: Starting = { ...options, signal };
  const { home, replicated } = options.config;
  // A data folder that was replicated stays so.
  if (replicated || isReplicated(home)) return await openReplicatedServices(starting);
  // Before anything is installed or started: a broker without room would take no message.
  const { only, config } = options;
  checkRoom(roomsOf(config).filter(({ what }) => only === undefined || what === only));
  await installMissing(starting);
  signal.throwIfAborted();
  const giveUp = (error: unknown): never => {
    failed.abort(error);
    throw error;
  };
  const [postgres, rabbit] = await bothOrNeither(
    openDatabase(starting).catch(giveUp),
    openBroker(starting).catch(giveUp),
  );
  const privates = [
    { name: 'postgresql' as const, process: postgres.process },
    { name: 'rabbitmq' as const, process: rabbit.process },
  ];
  return {
    databaseUrl: postgres.url,
    amqpUrl: rabbit.url,
    managementUrl: rabbit.managementUrl,
    brokerMetricsPort: rabbit.metricsPort,
    databaseFolder: postgres.folder,
    processes: () =>
      privates.flatMap(({ name, process }) =>
        process === undefined ? [] : [{ name, pid: process.pid(), restarts: process.restarts() }],
      ),
    machines: [],
    close: async () => {
      await Promise.all(privates.map(async ({ process }) => process?.close()));
    },
  };
}

async function openReplicatedServices(options: Starting): Promise<Services> {
  const { amqpUrl, databaseUrl } = options.config;
  if (amqpUrl !== undefined || databaseUrl !== undefined) {
    throw new ConfigError(
      'AMQP_URL and DATABASE_URL name servers, and a replicated system brings its own: leave out either',
    );
  }
  const services = await openReplicated(options);
  return {
    ...services,
    // Each of its brokers has one; the supervisor names none of them yet.
    brokerMetricsPort: undefined,
    databaseFolder: undefined,
    processes: () =>
      services.members.map((member) => ({
        name: member.name,
        pid: member.pid(),
        restarts: member.restarts(),
      })),
  };
}

async function installMissing({ config, only, say }: OpenServicesOptions): Promise<void> {
  const needsDatabase = config.databaseUrl === undefined && newestBinaries() === undefined;
  const needsBroker = only !== 'database' && config.amqpUrl === undefined && !isRabbitInstalled();
  if (!needsDatabase && !needsBroker) return;
  const variables = [
    ...(needsDatabase ? ['DATABASE_URL'] : []),
    ...(needsBroker ? ['AMQP_URL'] : []),
  ];
  await installPackages({
    packages: [
      ...(needsDatabase ? ['postgresql'] : []),
      ...(needsBroker ? ['rabbitmq-server'] : []),
    ],
    purpose: 'a private instance below the data folder',
    otherwise: `set ${variables.join(' and ')} to a server that runs`,
    home: config.home,
    say,
  });
}

type OpenedService = {
  readonly url: string;
  readonly process: KeptProcess | undefined;
};

type OpenedDatabase = OpenedService & { readonly folder: string | undefined };

type OpenedBroker = OpenedService & {
  readonly managementUrl: string | undefined;
  readonly metricsPort: number | undefined;
};

async function openDatabase({ config, signal, say, log }: Starting): Promise<OpenedDatabase> {
  const { databaseUrl: url, home } = config;
  if (url === undefined) return await openPostgres({ home, signal, say, log });
  await reachGiven(url, { variable: 'DATABASE_URL', probe: probeGivenDatabase, signal, say });
  return { url, process: undefined, folder: undefined };
}

async function openBroker({ config, only, signal, say, log }: Starting): Promise<OpenedBroker> {
  const { amqpManagementUrl: managementUrl } = config;
  const none = { process: undefined, managementUrl, metricsPort: undefined };
  if (only === 'database') return { ...none, url: '' };
  const { amqpUrl: url, home, managementPort } = config;
  if (url === undefined) return await openRabbit({ home, managementPort, signal, say, log });
  await reachGiven(url, { variable: 'AMQP_URL', probe: probeBroker, signal, say });
  if (managementUrl !== undefined) {
    const probe = (at: string): Promise<unknown> => openManagement(at).ask('GET', ['overview']);
    await reachGiven(managementUrl, { variable: 'AMQP_MANAGEMENT_URL', probe, signal, say });
  }
  return { ...none, url };
}

/** Where one fails, the other is stopped again. */
async function bothOrNeither<First extends OpenedService, Second extends OpenedService>(
  first: Promise<First>,
  second: Promise<Second>,
): Promise<[First, Second]> {
  try {
    return await Promise.all([first, second]);
  } catch (error) {
    const opened = await Promise.allSettled([first, second]);
    for (const each of opened) {
      if (each.status === 'fulfilled') await each.value.process?.close();
    }
    throw error;
  }
}
