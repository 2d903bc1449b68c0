/** Starts and stops the whole system on one machine: services, topology, schema and pools. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { mapPools, type Config, type PoolName, type Pools } from '../../shared/runtime/config.ts';
import { deferred } from '../../shared/runtime/deferred.ts';
import type { OpenedLogger } from '../../shared/runtime/logger.ts';
import { buildRoot } from '../../shared/runtime/package-root.ts';
import type { Role } from '../../shared/runtime/roles.ts';
import { SYSTEM_TIMERS } from '../../shared/runtime/timers.ts';
import type { Trouble } from '../../shared/runtime/trouble.ts';
import type { Access, Urls } from '../services/access.ts';
import { openServices, type Services } from '../services/open-services.ts';
import { restrictDataFolder } from './restrict-data-folder.ts';
import { startChild, type Child, type ChildOptions } from './child.ts';
import type { ControlActions, SystemInfo } from './control-server.ts';
import { homeShardsOf } from './home-shards.ts';
import { LogLevels } from './log-levels.ts';
import { POOL_FOLDERS } from './pool-folders.ts';
import { prepareServices } from './prepare-services.ts';
import { prepareWeb } from './prepare-web.ts';
import { openProcessPool, type ProcessPool } from './process-pool.ts';
import { openActions, type Build } from './system-actions.ts';
import { openSystemMetrics } from './system-metrics.ts';
import { refuseTakenPorts } from './taken-ports.ts';
import { runStep, type StartStep, type Wait } from './start-step.ts';
import { watchServices } from './watch-services.ts';

export type SupervisorOptions = {
  readonly config: Config;
  /** The number of processes of each pool, unless the environment sets it. */
  readonly pools: Pools;
  readonly triggerRefreshMs: number;
  /** Flags of the quote server that stands in for the legacy one. */
  readonly quoteServerFlags: readonly string[];
  /** Drops the database schema and the queues of this system first. */
  readonly fresh: boolean;
  /** Services that are already open; the caller closes them. */
  readonly services?: Services;
  /** Aborts the start: stops what was started, and rejects with the signal's reason. */
  readonly signal?: AbortSignal;
  /** The root folder of the build that the processes run; this process's own by default. */
  readonly build?: string;
  /**
   * Returns another program or environment for the process with this name; tests use it to inject
   * faults.
   */
  readonly override?: (name: string) => Override;
  readonly say: (line: string) => void;
  readonly log: OpenedLogger;
};

export type Override = { readonly main?: string; readonly env?: ChildOptions['env'] };

export type System = {
  readonly info: () => SystemInfo;
  readonly actions: ControlActions;
  readonly stop: () => Promise<void>;
};

/** The signal of a start that cannot be interrupted. */
const NEVER: AbortSignal = new AbortController().signal;

const mainIn = (build: Build, path: string): string => join(build.root, path, 'main.js');

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
  try {
    const prepare = { ...options, signal };
    const { shards, access } = await prepareServices(services, poolSizes(options), prepare);
    const settled = { ...options, config: { ...config, shards } };
    return await startProcesses(settled, { services, access, closeServices }, logFolder);
  } catch (error) {
    await closeServices();
    throw error;
  }
}

const poolSizes = ({ config, pools }: SupervisorOptions): Pools =>
  mapPools((name) => config.processes[name] ?? pools[name]);

type StartChild = (
  child: Pick<ChildOptions, 'name'> &
    Partial<Pick<ChildOptions, 'args' | 'onMessage' | 'sharesPort'>> & {
      /** The folder of its main file in a build. */
      readonly folder: string;
      /** The role whose broker and database users it gets; undefined = it needs neither. */
      readonly role?: Role;
    },
  onReady?: () => void,
) => Child;

type Opened = {
  readonly services: Services;
  readonly access: Access;
  readonly closeServices: () => Promise<void>;
};

async function startProcesses(
  options: SupervisorOptions,
  { services, access, closeServices }: Opened,
  logFolder: string,
): Promise<System> {
  const { config, log, override, say, signal = NEVER } = options;
  /** All processes ever started; the pools list those that exist now. */
  const ever: Child[] = [];
  let quoteServer: Child | undefined;
  const children = (): readonly Child[] => [
    ...(quoteServer === undefined ? [] : [quoteServer]),
    ...all.flatMap((pool) => pool.members()),
  ];
  let troubles = (): readonly Trouble[] => [];
  const untilStarted = async <Result>(starting: Promise<Result>): Promise<Result> =>
    await runStep(() => starting, { waits: () => waitsFor(ever), signal, say });
  const metrics = await openSystemMetrics({
    ...{ config, services, children },
    troubles: () => troubles(),
  });
  const env: Record<string, string | undefined> = {
    ...process.env,
    DAYTRADE_HOME: config.home,
    // The operator's URLs carry the owner's credentials: no process inherits them.
    ...environmentOf(undefined),
    // Each process takes a free port and reports it; the supervisor's endpoint lists them all.
    METRICS_PORT: undefined,
    // The supervisor notifies systemd itself, once all processes take work.
    NOTIFY_SOCKET: undefined,
    SHARDS: config.shards.toString(),
    TRIGGER_REFRESH_S: ((config.triggerRefreshMs ?? options.triggerRefreshMs) / 1_000).toString(),
  };
  const levels = new LogLevels(log);
  const build: Build = { root: options.build ?? buildRoot };
  const start: StartChild = (child, onReady = () => undefined) => {
    const { main, env: ownEnv } = override?.(child.name) ?? {};
    const silenceMaxMs = config.watchdogMs;
    const onUp = (): void => {
      levels.sendTo(started);
      if (troubles().length > 0) started.send({ type: 'troubles', troubles: troubles() });
      onReady();
    };
    const { logTo = 'files' } = config;
    const common = { logFolder, logTo, log, silenceMaxMs, onReady: onUp };
    const urls = environmentOf(child.role === undefined ? undefined : access(child.role));
    const started = startChild({
      ...common,
      ...child,
      main: () => main ?? mainIn(build, child.folder),
      env: { ...env, ...urls, ...ownEnv },
    });
    ever.push(started);
    return started;
  };
  const open = (name: PoolName): ProcessPool => openPool(name, { start, ...config });
  const pools = mapPools(open);
  const all = Object.values(pools);
  const stopAll = async (): Promise<void> => {
    // Stops the producers of audit events first, and the processes that store them last.
    const isAudit = ({ name }: ProcessPool): boolean => name === 'audit';
    await Promise.all(all.filter((pool) => !isAudit(pool)).map((pool) => pool.stop()));
    await Promise.all(all.filter(isAudit).map((pool) => pool.stop()));
    await quoteServer?.stop();
    metrics.close();
  };
  try {
    const web = await prepareWeb(config);
    Object.assign(env, web.env);
    if (config.quoteServer === undefined) {
      const opened = startQuoteServer(start, options);
      const { child, address } = await untilStarted(opened);
      quoteServer = child;
      env['QUOTE_SERVER'] = address;
    }
    const sizes = poolSizes(options);
    await untilStarted(Promise.all(all.map((pool) => pool.resize(sizes[pool.name]))));
    const watching = watchServices(services, {
      log,
      onChange: (found) => {
        for (const child of children()) child.send({ type: 'troubles', troubles: found });
      },
    });
    const waits: StartStep['waits'] = () => [{ name: 'RabbitMQ', why: () => 'connecting to it' }];
    const watch = await runStep(() => watching, { waits, signal, say });
    ({ troubles } = watch);
    const actions = openActions({ pools, children, services, levels, build, log });
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
      stop: async () => {
        actions.close();
        await watch.close();
        await stopAll();
        await closeServices();
      },
    };
  } catch (error) {
    await stopAll();
    await Promise.all(ever.map((child) => child.stop()));
    throw error;
  }
}

/** The processes that do not take work yet. */
const waitsFor = (children: readonly Child[]): readonly Wait[] =>
  children
    .filter((child) => !child.isReady())
    .map((child) => ({ name: child.name, why: () => `its log: ${child.lastLine()}` }));

/**
 * Returns the service URLs as an environment. Without URLs the values are undefined, so that the
 * process does not inherit the supervisor's own.
 */
const environmentOf = (urls: Urls | undefined): Readonly<Record<string, string | undefined>> => ({
  AMQP_URL: urls?.amqpUrl,
  DATABASE_URL: urls?.databaseUrl,
  AMQP_MANAGEMENT_URL: urls?.managementUrl,
});

/** The time after which a started process has subscribed to its shards, even on a busy machine. */
const HOMES_SETTLED_MS = 5_000;
const HOMES_AGAIN_MS = 30_000;

/**
 * Opens a pool, and for the transaction pool sends home shards to its members.
 *
 * They are sent again whenever a member becomes ready: a standby that has shards of the newcomer
 * then gives them up. They are sent once more after `HOMES_SETTLED_MS`, because a newcomer may
 * subscribe later than the standby does again. The standby is then the active consumer once more,
 * and the newcomer would wait behind it for ever.
 */
function openPool(
  name: PoolName,
  {
    start,
    shards,
    machine: { no, of },
  }: { readonly start: StartChild; readonly shards: number; readonly machine: Config['machine'] },
): ProcessPool {
  // Machines take turns: 1, 3, 5 … on the first of two, 2, 4, 6 … on the second.
  const numberOf = (index: number): number => no + index * of;
  const sendHomeShards = (members: readonly Child[]): void => {
    members.forEach((member, index) => {
      member.send({
        type: 'home-shards',
        shards: homeShardsOf(numberOf(index) - 1, members.length * of, shards),
      });
    });
  };
  let cancelTimer: () => void = () => undefined;
  const sendLater = (ms: number): void => {
    cancelTimer();
    cancelTimer = SYSTEM_TIMERS.after(ms, () => {
      sendHomeShards(pool.members());
      // No event reports that another machine has joined, so this gives up its shards periodically.
      if (of > 1) sendLater(HOMES_AGAIN_MS);
    });
  };
  const pool = openProcessPool({
    name,
    numberOf,
    start: (member, onReady) =>
      start(
        { name: member, role: name, folder: POOL_FOLDERS[name], sharesPort: name === 'web' },
        onReady,
      ),
    onChange: (members) => {
      if (name !== 'transaction') return;
      sendHomeShards(members);
      sendLater(HOMES_SETTLED_MS);
    },
  });
  return {
    ...pool,
    stop: () => {
      cancelTimer();
      return pool.stop();
    },
  };
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

/**
 * Starts the quote server, which reports its port when it is ready. A restart uses the same port.
 */
async function startQuoteServer(
  start: StartChild,
  { quoteServerFlags }: SupervisorOptions,
): Promise<{ readonly child: Child; readonly address: string }> {
  const told = deferred<number>();
  let flags = quoteServerFlags;
  const child = start({
    name: 'quote-server',
    folder: 'infra/quote-server',
    args: () => flags,
    onMessage: (message) => {
      const { type, port } = message as { type: string; port?: number };
      if (type === 'ready' && port !== undefined) told.resolve(port);
    },
  });
  // If the quote server cannot start, this rejects with the reason.
  const port = await Promise.race([told.promise, child.ready().then(() => told.promise)]);
  flags = [...quoteServerFlags, '--port', port.toString()];
  return { child, address: `127.0.0.1:${port}` };
}
