/** Runs a system for a suite or a measurement, started and stopped as a user does. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findSystem } from '../../shared/control/control-client.ts';
import type { SystemInfo } from '../../shared/control/system-info.ts';
import { runDaytrade, type Ran } from './run-daytrade.ts';
import { startUp } from './start-up.ts';

const START_MAX_MS = 240_000;

export type UpSystem = {
  readonly home: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly info: () => Promise<SystemInfo>;
  /** Whether every process works, and no service has a fault. */
  readonly isWell: () => Promise<boolean>;
  /** The process id of one of the system's processes. */
  readonly pid: (name: string) => Promise<number>;
  readonly daytrade: (args: readonly string[]) => Promise<Ran>;
  readonly stop: () => Promise<void>;
  /** Starts it again on its stored data. */
  readonly start: () => Promise<void>;
  readonly close: () => Promise<void>;
};

/** Nothing expires and prices stand still, so that the model can compute the results. */
const SETTINGS = {
  ORDER_LIFETIME_S: '3600',
  QUOTE_LIFETIME_S: '3600',
  QUOTE_SERVER_FLAGS: '--fixed-prices --delay-ms 0',
};

/** Starts a system with private services in a new data folder. Resolves when it takes work. */
export async function openUpSystem(
  settings: Readonly<Record<string, string>>,
  homePrefix = 'daytrade-up-',
): Promise<UpSystem> {
  const home = mkdtempSync(join(tmpdir(), homePrefix));
  const environment = { ...SETTINGS, ...settings, DAYTRADE_HOME: home };
  let running = await startUp({ home, environment, timeoutMs: START_MAX_MS });
  const info = async (): Promise<SystemInfo> => {
    const system = await findSystem(home);
    if (system === undefined) throw new Error(`the system does not run: ${running.said()}`);
    return system.info;
  };
  return {
    home,
    environment,
    info,
    isWell: async () => (await fetch(new URL('/health', (await info()).metricsUrl))).status === 200,
    pid: async (name) => {
      const pid = (await info()).processes.find((each) => each.name === name)?.pid;
      if (pid === undefined) throw new Error(`${name} does not run`);
      return pid;
    },
    daytrade: (args) => runDaytrade(args, environment),
    stop: () => running.stop(),
    start: async () => {
      running = await startUp({ home, environment, timeoutMs: START_MAX_MS });
    },
    close: async () => {
      await running.stop();
      // As root, PostgreSQL keeps its data elsewhere.
      await runDaytrade(['uninstall', '--yes'], environment);
      rmSync(home, { recursive: true, force: true });
    },
  };
}
