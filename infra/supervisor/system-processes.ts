/** The processes of a system: the pools, and the quote server that stands in for the legacy one. */
import { join } from 'node:path';
import { mapPools, type Config, type PoolName, type Pools } from '../../shared/runtime/config.ts';
import type { OpenedLogger } from '../../shared/runtime/logger.ts';
import { buildRoot } from '../../shared/runtime/package-root.ts';
import type { Trouble } from '../../shared/runtime/trouble.ts';
import type { Access, Urls } from '../services/access.ts';
import { startChild, type Child, type ChildOptions, type StartChild } from './child.ts';
import { LogLevels } from './log-levels.ts';
import { startPool } from './start-pool.ts';
import type { ProcessPool } from './process-pool.ts';
import { startQuoteServer } from './start-quote-server.ts';
import type { Wait } from '../host/start-step.ts';
import type { Build } from './system-actions.ts';

export type ProcessOptions = {
  readonly config: Config;
  readonly triggerRefreshMs: number;
  /** Flags of the quote server that stands in for the legacy one. */
  readonly quoteServerFlags: readonly string[];
  /** The root folder of the build that the processes run; this process's own by default. */
  readonly build?: string;
  /**
   * Returns another program or environment for the process with this name; tests use it to inject
   * faults.
   */
  readonly override?: (name: string) => Override;
  readonly log: OpenedLogger;
};

export type Override = { readonly main?: string; readonly env?: ChildOptions['env'] };

type Environment = Readonly<Record<string, string | undefined>>;
type Places = { readonly access: Access; readonly logFolder: string };

export class SystemProcesses {
  readonly #options: ProcessOptions;
  readonly #places: Places;
  /** All processes ever started; the pools list those that exist now. */
  readonly #ever: Child[] = [];
  #env: Environment;
  #quoteServer: Child | undefined;
  #troubles: readonly Trouble[] = [];
  readonly build: Build;
  readonly levels: LogLevels;
  readonly pools: Readonly<Record<PoolName, ProcessPool>>;

  constructor(options: ProcessOptions, places: Places) {
    this.#options = options;
    this.#places = places;
    this.#env = environmentFor(options);
    this.build = { root: options.build ?? buildRoot };
    this.levels = new LogLevels(options.log);
    const startMember: StartChild = (child, onReady) => this.#start(child, onReady);
    this.pools = mapPools((name) => startPool(name, startMember, options.config));
  }

  /** The processes that exist now. */
  all(): readonly Child[] {
    const inPools = Object.values(this.pools).flatMap((pool) => pool.members());
    return this.#quoteServer === undefined ? inPools : [this.#quoteServer, ...inPools];
  }

  /** The processes that do not take work yet. */
  waits(): readonly Wait[] {
    return this.#ever
      .filter((child) => !child.isReady())
      .map((child) => ({ name: child.name, why: () => `its log: ${child.lastLine()}` }));
  }

  /**
   * Starts the quote server unless the configuration names one, and then the pools, unless the signal is
   * aborted before.
   */
  async start(sizes: Pools, webEnv: Environment, signal: AbortSignal): Promise<void> {
    const { config, quoteServerFlags } = this.#options;
    this.#env = { ...this.#env, ...webEnv };
    if (config.quoteServer === undefined) {
      const start: StartChild = (child) => this.#start(child);
      const { child, address } = await startQuoteServer(start, quoteServerFlags);
      this.#quoteServer = child;
      this.#env = { ...this.#env, QUOTE_SERVER: address };
    }
    signal.throwIfAborted();
    const pools = Object.values(this.pools);
    await Promise.all(pools.map((pool) => pool.resize(sizes[pool.name])));
  }

  /** Sends the troubles of the system to its processes, and to those that start later. */
  sendTroubles(troubles: readonly Trouble[]): void {
    this.#troubles = troubles;
    for (const child of this.all()) child.send({ type: 'troubles', troubles });
  }

  /** Stops the producers of audit events first, and the processes that store them last. */
  async stop(): Promise<void> {
    const { audit, ...others } = this.pools;
    await Promise.all(Object.values(others).map((pool) => pool.stop()));
    await audit.stop();
    await this.#quoteServer?.stop();
  }

  /** Stops all processes, also those that were not started completely. */
  async abandon(): Promise<void> {
    await this.stop();
    await Promise.all(this.#ever.map((child) => child.stop()));
  }

  #start(child: Parameters<StartChild>[0], onReady: () => void = () => undefined): Child {
    const { config, log, override } = this.#options;
    const { access, logFolder } = this.#places;
    const { main, env: ownEnv } = override?.(child.name) ?? {};
    const urls = environmentOf(child.role === undefined ? undefined : access(child.role));
    const started = startChild({
      ...child,
      main: () => main ?? join(this.build.root, child.folder, 'main.js'),
      env: { ...this.#env, ...urls, ...ownEnv },
      logFolder,
      logTo: config.logTo ?? 'files',
      log,
      silenceMaxMs: config.watchdogMs,
      onReady: () => {
        this.levels.sendTo(started);
        const troubles = this.#troubles;
        if (troubles.length > 0) started.send({ type: 'troubles', troubles });
        onReady();
      },
    });
    this.#ever.push(started);
    return started;
  }
}

const environmentFor = ({ config, triggerRefreshMs }: ProcessOptions): Environment => ({
  ...process.env,
  DAYTRADE_HOME: config.home,
  // The operator's URLs carry the owner's credentials: no process inherits them.
  ...environmentOf(undefined),
  // Each process takes a free port and reports it; the supervisor's endpoint lists them all.
  METRICS_PORT: undefined,
  // The supervisor notifies systemd itself, once all processes take work.
  NOTIFY_SOCKET: undefined,
  SHARDS: config.shards.toString(),
  TRIGGER_REFRESH_S: ((config.triggerRefreshMs ?? triggerRefreshMs) / 1_000).toString(),
});

/**
 * Returns the service URLs as an environment. Without URLs the values are undefined, so that the
 * process does not inherit the supervisor's own.
 */
const environmentOf = (urls: Urls | undefined): Environment => ({
  AMQP_URL: urls?.amqpUrl,
  DATABASE_URL: urls?.databaseUrl,
  AMQP_MANAGEMENT_URL: urls?.managementUrl,
});
