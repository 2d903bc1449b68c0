/** How every process of the system begins, lives and ends. */
import './foreign-environment.ts';
import { readConfig, type Config } from './config.ts';
import { CodedError, ConfigError } from './errors.ts';
import { openLogger, type Logger, type LogLevel } from './logger.ts';
import { openMetricsServer, type MetricsServer } from './metrics-server.ts';
import { openMetrics, type Metrics } from './metrics.ts';
import { SYSTEM_TIMERS } from './timers.ts';
import { openTracer, type Tracer } from './tracing.ts';
import type { Trouble } from './trouble.ts';
import { NO_WATCHDOG, openWatchdog, type Breach, type Watchdog } from './watchdog.ts';

export type ProcessContext = {
  /** As in the management UI, the logs and the audit log: `transaction-1`. */
  readonly name: string;
  readonly config: Config;
  readonly amqpUrl: string;
  readonly databaseUrl: string;
  readonly metrics: Metrics;
  readonly watchdog: Watchdog;
  /** Undefined where traces are off. */
  readonly tracer: Tracer | undefined;
  readonly log: Logger;
};

export type Running = {
  /** Stops taking, finishes what is begun, closes. */
  readonly stop: () => Promise<void>;
  /** Takes what the supervisor says. */
  readonly onOrder?: (order: HomeShardsOrder) => void;
  /** Learns what keeps the system from its work. */
  readonly onTroubles?: (troubles: readonly Trouble[]) => void;
};

/** What the supervisor tells a process. */
export type SupervisorOrder = HomeShardsOrder | LogLevelOrder | TroublesOrder;
export type HomeShardsOrder = {
  readonly type: 'home-shards';
  readonly shards: readonly number[];
};
export type LogLevelOrder = { readonly type: 'log-level'; readonly level: LogLevel };

/** What keeps the system from its work now; empty once nothing does. */
export type TroublesOrder = { readonly type: 'troubles'; readonly troubles: readonly Trouble[] };

/** What a process tells the supervisor. */
export type ProcessReport =
  | {
      readonly type: 'ready';
      /** Where its metrics are; absent where it has none. */
      readonly metricsPort?: number;
    }
  | { readonly type: 'heartbeat' }
  /** Something in it hangs: it is to be replaced. */
  | ({ readonly type: 'overdue' } & Breach);

const HEARTBEAT_MS = 500;
/** A drain that takes longer than this is given up: what is not acked comes again. */
const STOP_MAX_MS = 10_000;

/** Runs a process until it is told to stop, by signal or because its supervisor is gone. */
export async function runProcess(
  defaultName: string,
  start: (context: ProcessContext) => Promise<Running>,
): Promise<void> {
  const name = process.env['DAYTRADE_PROCESS'] ?? defaultName;
  const log = openLogger(name, process.env['LOG_LEVEL']);
  // From the beginning: waiting for a broker that is away is no hang.
  setInterval(() => report({ type: 'heartbeat' }), HEARTBEAT_MS);
  try {
    const context = await contextOf(name, log);
    const phase: Phase = { is: 'starting', troubles: [] };
    const { port: metricsPort } = await serveMetrics(context, phase);
    const running = await start(context);
    stopWhenTold(running, context, phase);
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

/** Whoever started it replaces it; alone it ends, to be started again. */
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

/** From the beginning, so that whoever looks sees a start that takes long. */
const serveMetrics = (
  { name, config, metrics }: ProcessContext,
  phase: Phase,
): Promise<MetricsServer> =>
  openMetricsServer({
    metrics,
    // It is well only while it can do its work: without its services it cannot.
    health: () => ({
      ok: phase.is === 'ready' && phase.troubles.length === 0,
      process: name,
      status: phase.is,
      troubles: phase.troubles.map(({ what }) => what),
    }),
    bind: config.metricsBind,
    port: config.metricsPort ?? 0,
  });

function stopWhenTold({ stop }: Running, { tracer, log }: ProcessContext, phase: Phase): void {
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
  // A terminal's Ctrl-C may reach the supervisor's children too: it is the supervisor who stops them.
  process.on('SIGINT', () => {
    if (!process.connected) end('SIGINT');
  });
  process.on('disconnect', () => end('the supervisor is gone'));
  // It may have gone before anybody listened.
  if (process.send !== undefined && !process.connected) end('the supervisor is gone');
  process.on('uncaughtException', (error) => {
    const code = error instanceof CodedError ? error.code : undefined;
    log.error('process failed', { error, code });
    process.exit(1);
  });
}

function report(message: ProcessReport): void {
  if (process.connected) process.send?.(message);
}
