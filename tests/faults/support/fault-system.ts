/** Starts a system of real processes on a database and a virtual host of its own, for fault tests. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  openQuoteServer,
  type QuoteServer,
} from '../../../infra/quote-server/open-quote-server.ts';
import { removeDeleted } from '../../../infra/services/private/postgres-data.ts';
import { brokerTargetOf, type BrokerTarget } from '../../../infra/chaos/broker-faults.ts';
import { startSystem, type System } from '../../../infra/supervisor/supervisor.ts';
import type { Override } from '../../../infra/supervisor/system-processes.ts';
import { openPool, type Pool } from '../../../shared/pg/pool.ts';
import { readConfig, type Pools } from '../../../shared/runtime/config.ts';
import type { LogFields } from '../../../shared/runtime/logger.ts';
import { testBuild } from '../../support/build.ts';
import { recordingLogger } from '../../support/recording-logger.ts';
import { openTestBroker } from '../../support/test-broker.ts';
import { openTestDatabase } from '../../support/test-database.ts';
import { testManagementUrl } from '../../support/test-services.ts';
import { until } from '../../support/until.ts';
import { plant, POINTS_FOLDER, type FaultSignal, type FaultStep } from './points.ts';

export type FaultSystem = {
  readonly system: System;
  readonly home: string;
  readonly quotes: QuoteServer;
  /** The connections of the test. */
  readonly pool: Pool;
  readonly amqpUrl: string;
  readonly databaseUrl: string;
  readonly broker: BrokerTarget;
  readonly shards: number;
  /** Returns the process id of a running process. */
  readonly pidOf: (name: string) => number;
  readonly restartsOf: (name: string) => number;
  /** Returns how the processes of that name ended so far. */
  readonly exitsOf: (name: string) => readonly LogFields[];
  /** Returns the errors that the processes of that name have logged so far. */
  readonly errorsOf: (name: string) => readonly string[];
  readonly plant: (step: FaultStep, signal?: FaultSignal) => void;
  readonly points: string;
  readonly close: () => Promise<void>;
};

export type FaultSystemOptions = {
  readonly pools?: Partial<Pools>;
  /** Added to the environment of all processes. */
  readonly env?: Readonly<Record<string, string>>;
  readonly override?: (name: string, databaseUrl: string) => Override;
  readonly quoteDelayMs?: number;
  readonly watchdogS?: number;
  /** The heartbeat of every connection to the broker. */
  readonly heartbeatS?: number;
  /** Whether it has its own PostgreSQL and RabbitMQ, which can be killed. */
  readonly privateServices?: boolean;
  /** Prepares the data folder before anything is started there. */
  readonly prepare?: (home: string) => void;
};

/** The seed of the fixed prices of the stand-in, here and in the model. */
export const PRICE_SEED = 82;
/** Long enough that no order expires on a slow machine. */
const LIFETIME_S = '3600';
const FAULT_BUILD = join(testBuild, 'tests/faults/support/transaction-main.js');

export async function openFaultSystem(options: FaultSystemOptions = {}): Promise<FaultSystem> {
  const { pools = {}, env = {}, override, quoteDelayMs = 2, watchdogS = 5, heartbeatS } = options;
  const home = mkdtempSync(join(tmpdir(), 'daytrade-faults-'));
  const points = join(home, 'points');
  mkdirSync(points);
  options.prepare?.(home);
  const services =
    options.privateServices === true ? NO_SERVICES : await openTestServices(heartbeatS);
  const quotes = await openQuoteServer({
    prices: 'fixed',
    seed: PRICE_SEED,
    delayMs: quoteDelayMs,
  });
  const settings = {
    DAYTRADE_HOME: home,
    ...services.env,
    QUOTE_SERVER: `127.0.0.1:${quotes.port}`,
    ORDER_LIFETIME_S: LIFETIME_S,
    QUOTE_LIFETIME_S: LIFETIME_S,
    WATCHDOG_S: watchdogS.toString(),
    ...env,
  };
  const config = readConfig(settings);
  const log = recordingLogger();
  const system = await startSystem({
    config,
    pools: { transaction: 2, quote: 1, trigger: 1, audit: 1, intake: 0, web: 0, ...pools },
    triggerRefreshMs: 0,
    quoteServerFlags: [],
    fresh: false,
    build: testBuild,
    override: (name) => {
      const own = override?.(name, config.databaseUrl ?? '') ?? {};
      const main = name.startsWith('transaction') ? { main: FAULT_BUILD } : {};
      return { ...main, ...own, env: { ...settings, [POINTS_FOLDER]: points, ...own.env } };
    },
    say: () => undefined,
    log,
  });
  const { amqpUrl, databaseUrl, managementUrl = '' } = system.info();
  const pool = openPool({ url: databaseUrl, name: 'fault test', size: 4, log });
  const processOf = (name: string): ReturnType<System['info']>['processes'][number] => {
    const found = system.info().processes.find((process) => process.name === name);
    if (found === undefined) throw new Error(`there is no process ${name}`);
    return found;
  };
  return {
    ...{ system, home, quotes, pool, amqpUrl, databaseUrl, points },
    broker: brokerTargetOf(managementUrl, amqpUrl),
    shards: config.shards,
    pidOf: (name) => {
      const { pid } = processOf(name);
      if (pid === undefined) throw new Error(`${name} does not run now`);
      return pid;
    },
    restartsOf: (name) => processOf(name).restarts,
    exitsOf: (name) =>
      log
        .of('process ended')
        .filter(({ fields }) => fields['name'] === name)
        .map(({ fields: { code, signal } }) => ({ code, signal })),
    errorsOf: (name) =>
      readFileSync(join(home, 'logs', `${name}.log`), 'utf8')
        .split('\n')
        .filter((line) => line.includes('"level":"error"')),
    plant: (step, signal = 'SIGKILL') => plant(points, step, signal),
    close: async () => {
      await system.stop();
      await Promise.all([pool.end(), quotes.close()]);
      await services.close();
      removeDeleted(home);
      rmSync(home, { recursive: true, force: true });
    },
  };
}

type TestServices = {
  readonly env: Readonly<Record<string, string>>;
  readonly close: () => Promise<void>;
};

const NO_SERVICES: TestServices = { env: {}, close: () => Promise.resolve() };

async function openTestServices(heartbeatS: number | undefined): Promise<TestServices> {
  const [database, broker] = await Promise.all([openTestDatabase(), openTestBroker()]);
  const env = {
    DATABASE_URL: database.url,
    AMQP_URL: `${broker.url}${heartbeatS === undefined ? '' : `?heartbeat=${heartbeatS}`}`,
    AMQP_MANAGEMENT_URL: testManagementUrl(),
  };
  const close = async (): Promise<void> => {
    await database.close();
    await broker.close();
  };
  return { env, close };
}

/** The time that the system gives a service to start. A broker takes eight seconds of a core of its own. */
const REPLACED_MAX_MS = 120_000;

/** Resolves when another process of that name runs in place of the one before. */
export async function replaced(faults: FaultSystem, name: string, restarts: number): Promise<void> {
  await until(
    () => {
      const process = faults.system.info().processes.find((each) => each.name === name);
      return process?.pid !== undefined && process.restarts > restarts;
    },
    { what: `${name} was started again`, timeoutMs: REPLACED_MAX_MS },
  );
}
