/** Starts and stops the whole system on one machine: services, topology, schema and pools. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { mapPools, type Config, type Pools } from '../../shared/runtime/config.ts';
import type { OperationsView } from '../../shared/web-api/operations.ts';
import type { Trouble } from '../../shared/runtime/trouble.ts';
import type { Access } from '../services/access.ts';
import { openServices, type Services } from '../services/open-services.ts';
import { restrictDataFolder } from './restrict-data-folder.ts';
import type { Child } from './child.ts';
import type { ControlActions, SystemInfo } from '../../shared/control/system-info.ts';
import { prepareServices } from './prepare-services.ts';
import { prepareWeb } from './prepare-web.ts';
import { openActions } from './system-actions.ts';
import { openSystemHistory } from './system-history.ts';
import { openSystemMetrics } from './system-metrics.ts';
import { SystemProcesses, type ProcessOptions } from './system-processes.ts';
import { refuseTakenPorts } from './taken-ports.ts';
import { runStep, type StartStep } from '../host/start-step.ts';
import { watchServices, type Watching } from './watch-services.ts';

type SupervisorOptions = ProcessOptions & {
  /** The number of processes of each pool, unless the environment sets it. */
  readonly pools: Pools;
  /** Drops the database schema and the queues of this system first. */
  readonly fresh: boolean;
  /** Services that are already open; the caller closes them. */
  readonly services?: Services;
  /** Aborts the start: stops what was started, and rejects with the signal's reason. */
  readonly signal?: AbortSignal;
  /** Called by `stop` when all processes have ended, with the URL of the database, which still runs. */
  readonly onDrained?: (databaseUrl: string) => Promise<void>;
  readonly say: (line: string) => void;
};

export type System = {
  readonly info: () => SystemInfo;
  readonly actions: ControlActions;
  /** The figures of the samples after an instant, in Unix ms; see `openHistory`. */
  readonly operations: (after: number) => OperationsView;
  readonly stop: () => Promise<void>;
};

/** The signal of a start that cannot be interrupted. */
const NEVER: AbortSignal = new AbortController().signal;

/**
 * Starts everything and resolves when every process takes work. If the start fails, stops what it
 * has started.
 */
export async function startSystem(options: SupervisorOptions): Promise<System> {
  const { config, say, log, signal = NEVER } = options;
  const logFolder = join(config.home, 'logs');
  mkdirSync(logFolder, { recursive: true });
  restrictDataFolder(config.home);
  await refuseTakenPorts(config, poolSizes(options).web > 0);
  const services = options.services ?? (await openServices({ config, signal, say, log }));
  const closeServices = async (): Promise<void> => {
    if (options.services === undefined) await services.close();
  };
  const leaveServices = async (): Promise<void> => {
    try {
      await options.onDrained?.(services.databaseUrl);
    } finally {
      await closeServices();
    }
  };
  try {
    const prepare = { ...options, signal };
    const { shards, access } = await prepareServices(services, poolSizes(options), prepare);
    const settled = { ...options, config: { ...config, shards } };
    return await startProcesses(settled, { services, access, leaveServices }, logFolder);
  } catch (error) {
    await closeServices();
    throw error;
  }
}

const poolSizes = ({ config, pools }: SupervisorOptions): Pools =>
  mapPools((name) => config.processes[name] ?? pools[name]);

type Opened = {
  readonly services: Services;
  readonly access: Access;
  /** Called when all processes have ended. */
  readonly leaveServices: () => Promise<void>;
};

async function startProcesses(
  options: SupervisorOptions,
  { services, access, leaveServices }: Opened,
  logFolder: string,
): Promise<System> {
  const { config, log, say, signal = NEVER } = options;
  const processes = new SystemProcesses(options, { access, logFolder });
  const { pools, levels, build } = processes;
  const children = (): readonly Child[] => processes.all();
  let watch: Watching | undefined;
  const troubles: Watching['troubles'] = () => watch?.troubles() ?? [];
  const metrics = await openSystemMetrics({ config, services, children, troubles });
  try {
    const web = await prepareWeb(config);
    const waits: StartStep['waits'] = () => processes.waits();
    const start = (given: AbortSignal): Promise<void> =>
      processes.start(poolSizes(options), web.env, given);
    await runStep(start, { waits, signal, say });
    const watching = await watchTroubles(processes, services, options);
    watch = watching;
    const actions = openActions({ pools, levels, build, children, services, log });
    const { targets } = metrics;
    const history = openSystemHistory({ config, services, pools, targets, log });
    log.info('system started', { processes: children().length, home: config.home });
    return {
      info: () => ({
        ...infoOf(children(), { config, services, access, logFolder }),
        scaling: actions.scaling(),
        web: pools.web.members().length > 0 ? web.address : undefined,
        troubles: troubles(),
        metricsUrl: metrics.url,
      }),
      actions,
      operations: history.view,
      stop: async () => {
        history.close();
        actions.close();
        await watching.close();
        await processes.stop();
        metrics.close();
        await leaveServices();
      },
    };
  } catch (error) {
    await watch?.close();
    await processes.abandon();
    metrics.close();
    throw error;
  }
}

/** Starts to watch the services, and sends every change of their troubles to the processes. */
async function watchTroubles(
  processes: SystemProcesses,
  services: Services,
  { log, say, signal = NEVER }: SupervisorOptions,
): Promise<Watching> {
  const onChange = (found: readonly Trouble[]): void => processes.sendTroubles(found);
  const waits: StartStep['waits'] = () => [{ name: 'RabbitMQ', why: () => 'connecting to it' }];
  return await runStep(() => watchServices(services, { log, onChange }), { waits, signal, say });
}

function infoOf(
  children: readonly Child[],
  {
    config,
    services,
    access,
    logFolder,
  }: {
    readonly config: Config;
    readonly services: Services;
    readonly access: Access;
    readonly logFolder: string;
  },
): Omit<SystemInfo, 'metricsUrl' | 'scaling' | 'troubles'> {
  return {
    pid: process.pid,
    amqpUrl: services.amqpUrl,
    databaseUrl: services.databaseUrl,
    managementUrl: services.managementUrl,
    operatorUrl: access('operator').managementUrl,
    producer: access('producer'),
    reader: access('reader'),
    shards: config.shards,
    machines: services.machines,
    logFolder,
    databaseFolder: services.databaseFolder,
    processes: [
      { name: 'supervisor', pid: process.pid, restarts: 0 },
      ...children.map((child) => ({
        name: child.name,
        pid: child.pid(),
        restarts: child.restarts(),
      })),
      ...services.processes(),
    ],
  };
}
