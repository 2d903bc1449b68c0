/** The services that measurements use, and the systems that they start on them, one after another. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { openServices, type Services } from '../services/open-services.ts';
import { tryLockDataFolder } from '../supervisor/data-folder-lock.ts';
import { startSystem, type System } from '../supervisor/supervisor.ts';
import { openPool, type Pool } from '../../shared/pg/pool.ts';
import { readConfig, type Config } from '../../shared/runtime/config.ts';
import type { Environment } from '../../shared/runtime/environment.ts';
import { CodedError } from '../../shared/runtime/errors.ts';
import { openFileLogger, type OpenedLogger } from '../../shared/runtime/logger.ts';

export type Bed = {
  /** Where results go. */
  readonly folder: string;
  /** The services' own data folder, and their addresses. */
  readonly config: Config;
  readonly services: Services;
  readonly pool: Pool;
  readonly log: OpenedLogger;
  readonly say: (line: string) => void;
  readonly close: () => Promise<void>;
};

/** One process of each pool, as `npm run workload` has. */
const POOLS = { transaction: 1, quote: 1, trigger: 1, audit: 1, intake: 0 };
const MAX_CONNECTIONS = 3;

/** Opens private services; given ones are not used, because each measurement begins with empty data. */
export async function openBed(folder: string, say: (line: string) => void): Promise<Bed> {
  const home = join(folder, 'data');
  mkdirSync(home, { recursive: true });
  const release = tryLockDataFolder(home);
  if (release === undefined) {
    throw new CodedError('not-finished', `Another bench runs on ${home}: wait for it to end.`);
  }
  const log = openFileLogger('bench', { level: 'info', file: join(folder, 'bench.log') });
  const bare = readConfig({ DAYTRADE_HOME: home });
  const services = await openServices({ config: bare, say, log });
  const { databaseUrl, amqpUrl } = services;
  const pool = openPool({ url: databaseUrl, name: 'bench', size: MAX_CONNECTIONS, log });
  const close = async (): Promise<void> => {
    await pool.end();
    await services.close();
    release();
  };
  const config = { ...bare, databaseUrl, amqpUrl };
  return { folder, config, services, pool, log, say, close };
}

type SystemOptions = {
  /** For the stand-in of the quote server. */
  readonly quoteServerFlags: readonly string[];
  readonly environment?: Environment;
  /** The number of web processes; 0 if absent. */
  readonly web?: number;
};

/** Runs `work` on a system with empty data, and stops it. */
export async function withSystem<Result>(
  { config, log }: Bed,
  { quoteServerFlags, environment = {}, web = 0 }: SystemOptions,
  work: (system: System) => Promise<Result>,
): Promise<Result> {
  const system = await startSystem({
    config,
    pools: { ...POOLS, web },
    triggerRefreshMs: 0,
    quoteServerFlags,
    fresh: true,
    override: () => ({ env: environment }),
    say: () => undefined,
    log,
  });
  try {
    return await work(system);
  } finally {
    await system.stop();
  }
}
