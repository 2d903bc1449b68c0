/** The life cycle of every process of the system. */
import './foreign-environment.ts';
import { InvariantError } from '../domain/invariant-error.ts';
import { readConfig, type Config } from './config.ts';
import { CodedError, ConfigError } from './errors.ts';
import { openLogger, type Logger, type LogLevel } from './logger.ts';
import { openMetricsServer, type MetricsServer } from './metrics-server.ts';
import { openMetrics, type Metrics } from './metrics.ts';
import { SYSTEM_TIMERS } from './timers.ts';
import { type Tracer } from './tracing.ts';
import { openTracer } from './open-tracer.ts';
import type { Trouble } from './trouble.ts';
import { NO_WATCHDOG, openWatchdog, type Breach, type Watchdog } from './watchdog.ts';

export type ProcessContext = {
  /** The name of the process in the management UI, the logs and the audit log, such as `transaction-1`. */
  readonly name: string;
  readonly config: Config;
  readonly amqpUrl: string;
  readonly databaseUrl: string;
  readonly metrics: Metrics;
  readonly watchdog: Watchdog;
  /** Undefined if traces are off. */
  readonly tracer: Tracer | undefined;
  readonly log: Logger;
};

export type Running = {
  /** Stops consuming, finishes the work in progress, and closes all connections. */
  readonly stop: () => Promise<void>;
  /** Called with each order of the supervisor about home shards. */
  readonly onOrder?: (order: HomeShardsOrder) => void;
  /** Called with each report of the supervisor about the present troubles. */
  readonly onTroubles?: (troubles: readonly Trouble[]) => void;
};

/** A message from the supervisor to a process. */
export type SupervisorOrder = HomeShardsOrder | LogLevelOrder | TroublesOrder;
type HomeShardsOrder = {
  readonly type: 'home-shards';
  readonly shards: readonly number[];
};
type LogLevelOrder = { readonly type: 'log-level'; readonly level: LogLevel };

/** The present troubles of the system; empty once there are none. */
type TroublesOrder = { readonly type: 'troubles'; readonly troubles: readonly Trouble[] };

/** A message from a process to the supervisor. */
export type ProcessReport =
  | {
      readonly type: 'ready';
      /** The port of its metrics; absent if it serves none. */
      readonly metricsPort?: number;
    }
  | { readonly type: 'heartbeat' }
  /** An operation of the process hangs, so the supervisor replaces the process. */
  | ({ readonly type: 'overdue' } & Breach);

const HEARTBEAT_MS = 500;
/** The longest wait for a stop. Then the process exits; the broker delivers its unacked messages again. */
const STOP_MAX_MS = 10_000;

/**
 * Runs a process: *starting* until `start` resolves, *ready* until SIGTERM, Ctrl-C without a supervisor or
 * the end of its supervisor, then *stopping*. Exits with 78 if the start fails with a `ConfigError`, with 1
 * if the start or the stop fails otherwise or the stop exceeds `STOP_MAX_MS`, and with 0 after a stop.
 */
export async function runProcess(
  defaultName: string,
  start: (context: ProcessContext) => Promise<Running>,
): Promise<void> {
  const name = process.env['DAYTRADE_PROCESS'] ?? defaultName;
  const log = openLogger(name, process.env['LOG_LEVEL']);
  // Before the start, because waiting for a broker that is away is no hang.
  setInterval(() => report({ type: 'heartbeat' }), HEARTBEAT_MS);
  try {
    const context = await contextOf(name, log);
    const phase: Phase = { is: 'starting', troubles: [] };
    const { port: metricsPort } = await serveMetrics(context, phase);
    const running = await start(context);
    stopOnRequest(running, context, phase);
    process.on('message', (order: SupervisorOrder) => {
      if (order.type === 'log-level') log.setLevel(order.level);
      else if (order.type === 'troubles') {
        phase.troubles = order.troubles;
        running.onTroubles?.(order.troubles);
      } else running.onOrder?.(order);
    });
    phase.is = 'ready';
    report({ type: 'ready', metricsPort });
    log.info('process started', { pid: process.pid, metricsPort });
  } catch (error) {
    log.error('process failed to start', { error });
    process.exit(error instanceof ConfigError ? 78 : 1);
  }
}

/** Reports a breach to the supervisor, which replaces the process; without one, exits to be started again. */
function onBreachOf(log: Logger): (breach: Breach) => void {
  return (breach) => {
    log.error('operation overdue', breach);
    if (process.connected) report({ type: 'overdue', ...breach });
    else process.exit(1);
  };
}

async function contextOf(name: string, log: Logger): Promise<ProcessContext> {
  const config = readConfig(process.env);
  const { amqpUrl, databaseUrl } = config;
  if (amqpUrl === undefined || databaseUrl === undefined) {
    throw new ConfigError('AMQP_URL and DATABASE_URL must be set for a process of its own');
  }
  const metrics = openMetrics(name);
  const watchdog =
    config.watchdogMs === 0
      ? NO_WATCHDOG
      : openWatchdog({ timers: SYSTEM_TIMERS, onBreach: onBreachOf(log), log });
  const tracer = await openTracer(name, config);
  return { name, config, amqpUrl, databaseUrl, metrics, watchdog, tracer, log };
}

type Phase = { is: 'starting' | 'ready' | 'stopping'; troubles: readonly Trouble[] };

/** Serves metrics and health. It is called before the start, so that a start that takes long is visible. */
const serveMetrics = (
  { name, config, metrics }: ProcessContext,
  phase: Phase,
): Promise<MetricsServer> =>
  openMetricsServer({
    metrics,
    // Not healthy during a trouble, because the process cannot work without its services.
    health: () => ({
      ok: phase.is === 'ready' && phase.troubles.length === 0,
      process: name,
      status: phase.is,
      troubles: phase.troubles.map(({ what }) => what),
    }),
    bind: config.metricsBind,
    port: config.metricsPort ?? 0,
  });

/** Stops the process on a signal or when the supervisor is gone, and ends it on an uncaught error. */
function stopOnRequest({ stop }: Running, { tracer, log }: ProcessContext, phase: Phase): void {
  let isStopping = false;
  const end = (reason: string): void => {
    if (isStopping) return;
    isStopping = true;
    phase.is = 'stopping';
    log.info('process stopping', { reason });
    setTimeout(() => process.exit(1), STOP_MAX_MS).unref();
    const stopped = stop().finally(() => tracer?.close());
    stopped.then(
      () => process.exit(0),
      (error: unknown) => {
        log.error('process failed to stop', { error });
        process.exit(1);
      },
    );
  };
  process.on('SIGTERM', () => end('SIGTERM'));
  // A terminal sends Ctrl-C to the supervisor's children too, but the supervisor stops them in order.
  process.on('SIGINT', () => {
    if (!process.connected) end('SIGINT');
  });
  process.on('disconnect', () => end('the supervisor is gone'));
  // The supervisor may have disconnected before this listened for it.
  if (process.send !== undefined && !process.connected) end('the supervisor is gone');
  process.on('uncaughtException', (error) => {
    const code =
      error instanceof CodedError || error instanceof InvariantError ? error.code : undefined;
    log.error('process failed', { error, code });
    process.exit(1);
  });
}

function report(message: ProcessReport): void {
  if (process.connected) process.send?.(message);
}
