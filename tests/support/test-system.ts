/**
 * Runs a whole system for a suite: `daytrade up` on a database and a virtual host of the suite, with one
 * process of each kind unless the suite asks for more.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findSystem } from '../../shared/control/control-client.ts';
import type { SystemInfo } from '../../shared/control/system-info.ts';
import { ONE_EACH } from './one-each.ts';
import { runDaytrade, type Ran } from './run-daytrade.ts';
import { startUp, type Running } from './start-up.ts';
import { openTestBroker } from './test-broker.ts';
import { openTestDatabase } from './test-database.ts';
import { testManagementUrl } from './test-services.ts';

const START_MAX_MS = 240_000;

export type TestSystem = {
  readonly home: string;
  readonly amqpUrl: string;
  readonly databaseUrl: string;
  readonly virtualHost: string;
  readonly info: () => Promise<SystemInfo>;
  /** What `daytrade up` has written since the last start: to standard output, and to standard error. */
  readonly printed: () => string;
  readonly said: () => string;
  /** Runs a command of the command line on the system; `more` extends its environment. */
  readonly daytrade: (
    args: readonly string[],
    input?: string,
    more?: Readonly<Record<string, string>>,
  ) => Promise<Ran>;
  /** Starts it, also again after a command has stopped it. */
  readonly start: () => Promise<void>;
  readonly close: () => Promise<void>;
};

type Settings = Readonly<Record<string, string>>;

export async function openTestSystem(settings: Settings = {}): Promise<TestSystem> {
  const system = await prepareTestSystem(settings);
  await system.start();
  return system;
}

/** Does the same, but leaves the start to the suite. */
export async function prepareTestSystem(settings: Settings): Promise<TestSystem> {
  const home = mkdtempSync(join(tmpdir(), 'daytrade-system-'));
  const [broker, database] = await Promise.all([openTestBroker(), openTestDatabase()]);
  const environment = {
    DAYTRADE_HOME: home,
    AMQP_URL: broker.url,
    AMQP_MANAGEMENT_URL: testManagementUrl(),
    DATABASE_URL: database.url,
    ...ONE_EACH,
    QUOTE_SERVER_FLAGS: '--fixed-prices --delay-ms 0',
    ...settings,
  };
  const daytrade: TestSystem['daytrade'] = (args, input, more) =>
    runDaytrade(args, { ...environment, ...more }, input);
  const info = async (): Promise<SystemInfo> => {
    const system = await findSystem(home);
    if (system === undefined) throw new Error('the system does not run');
    return system.info;
  };
  let up: Running | undefined;
  return {
    home,
    amqpUrl: broker.url,
    databaseUrl: database.url,
    virtualHost: broker.virtualHost,
    info,
    printed: () => up?.printed() ?? '',
    said: () => up?.said() ?? '',
    daytrade,
    start: async () => {
      up = await startUp({ home, environment, timeoutMs: START_MAX_MS });
    },
    close: async () => {
      await daytrade(['down']);
      const exitCode = up === undefined ? 0 : await up.ended;
      await broker.close();
      await database.close();
      rmSync(home, { recursive: true, force: true });
      if (exitCode !== 0) throw new Error(`the system ended with ${exitCode ?? 'a signal'}`);
    },
  };
}
