/** Opens PostgreSQL and RabbitMQ: the given ones, or private instances for the data folder. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { probeBroker } from '../../shared/amqp/probe.ts';
import { probeGivenDatabase } from '../../shared/pg/probe.ts';
import type { Config } from '../../shared/runtime/config.ts';
import { ConfigError, SetUpError } from '../../shared/runtime/errors.ts';
import type { Logger } from '../../shared/runtime/logger.ts';
import { OWN_COMMAND } from '../../shared/runtime/own-command.ts';
import { openManagement } from '../../shared/amqp/management.ts';
import { checkRoom, roomsOf } from './check-room.ts';
import { installPackages } from '../host/debian.ts';
import { plainPathOf } from '../host/plain-path.ts';
import { reachGiven } from './given.ts';
import type { KeptProcess } from '../host/keep-running.ts';
import { refuseOlderBroker } from './private/older-broker.ts';
import { openPostgres } from './private/postgres.ts';
import { binariesFor, newestBinaries } from './private/postgres-binaries.ts';
import { databaseFolderOf, hasDatabase, upgradeFile } from './private/postgres-data.ts';
import { isRabbitInstalled, openRabbit } from './private/rabbitmq.ts';
import type { MachineInfo } from '../../shared/control/system-info.ts';
import { openReplicated } from './replicated/open-replicated.ts';
import { isReplicated } from './replicated/settings-file.ts';

export type ServiceProcess = {
  readonly name: string;
  /** Undefined while the service is being restarted. */
  readonly pid: number | undefined;
  readonly restarts: number;
};

export type Services = {
  readonly databaseUrl: string;
  /** Empty if only the database was requested. */
  readonly amqpUrl: string;
  /** Includes user and password; undefined for a given broker without a known management API. */
  readonly managementUrl: string | undefined;
  /** The port on which the private broker serves its own metrics; undefined for any other. */
  readonly brokerMetricsPort: number | undefined;
  /**
   * The data directory of the private database; undefined for a given one, and for a replicated
   * system.
   */
  readonly databaseFolder: string | undefined;
  /** Returns the processes of the private services, as they are now. */
  readonly processes: () => readonly ServiceProcess[];
  /** The machines of a replicated system; empty otherwise. */
  readonly machines: readonly MachineInfo[];
  /** Stops what was started here. */
  readonly close: () => Promise<void>;
};

type OpenServicesOptions = {
  readonly config: Config;
  /** Opens PostgreSQL alone, which is enough to read stored data. */
  readonly only?: 'database';
  /** Aborts the start: closes what was opened, and rejects with the signal's reason. */
  readonly signal?: AbortSignal;
  readonly say: (line: string) => void;
  readonly log: Logger;
};

type Starting = OpenServicesOptions & { readonly signal: AbortSignal };

/**
 * Opens both at the same time, because the broker takes several seconds to start. If one fails,
 * closes the other and rejects.
 */
export async function openServices(options: OpenServicesOptions): Promise<Services> {
  const failed = new AbortController();
  const signal = AbortSignal.any([failed.signal, ...(options.signal ? [options.signal] : [])]);
  const starting: Starting = { ...options, signal };
  const { home, replicated } = options.config;
  // A data folder of a replicated system stays replicated.
  if (replicated || isReplicated(home)) return await openReplicatedServices(starting);
  // Checks before anything is installed or started: a broker without room would accept no messages.
  const { only, config } = options;
  checkRoom(roomsOf(config).filter(({ what }) => only === undefined || what === only));
  refuseOlderData(starting);
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
    // Each of its brokers has a metrics port, but the supervisor publishes none of them yet.
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

/** Throws a `SetUpError`, before anything is started, if installed programs cannot open their data. */
function refuseOlderData({ config: { home, amqpUrl, databaseUrl }, only }: Starting): void {
  if (databaseUrl === undefined && hasDatabase(home)) binariesFor(databaseFolderOf(home));
  if (only !== 'database' && existsSync(upgradeFile(home))) {
    throw new SetUpError([
      `An upgrade of the database in ${home} was killed.`,
      'The old database is whole, and the one in its place may not be.',
      `Do it again: ${OWN_COMMAND} upgrade`,
    ]);
  }
  if (amqpUrl === undefined && only !== 'database') {
    refuseOlderBroker(join(plainPathOf(home), 'rabbitmq'));
  }
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

/** Waits for both; if one fails, stops the other and rejects. */
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
