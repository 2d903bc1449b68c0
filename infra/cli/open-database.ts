/** Opens the database of the data folder, whether a system runs on it or not. */
import { readConfig, type Config } from '../../shared/runtime/config.ts';
import { migrate } from '../../shared/pg/migrations.ts';
import { openPool, SCHEMA, type Pool } from '../../shared/pg/pool.ts';
import { hasSchema } from '../../shared/pg/probe.ts';
import { CodedError } from '../../shared/runtime/errors.ts';
import type { Logger } from '../../shared/runtime/logger.ts';
import { OWN_COMMAND } from '../../shared/runtime/own-command.ts';
import { openServices } from '../services/open-services.ts';
import { hasDatabase } from '../services/private/postgres-data.ts';
import { isReplicated } from '../services/replicated/settings-file.ts';
import { findSystem } from '../../shared/control/control-client.ts';
import { tryLockDataFolder } from '../supervisor/data-folder-lock.ts';
import { orAborted } from '../../shared/runtime/or-aborted.ts';
import { onInterrupt } from './interrupt.ts';
import { openCliLogger } from './log.ts';
import { say } from './output.ts';

const POLL_MS = 200;
const CONNECTIONS = 2;

/**
 * Runs `work` with the database; starts PostgreSQL alone for it if no system runs. Rejects if there
 * is no database yet, unless `mayBeNew` is set because `work` fills it.
 */
export async function withDatabase<Result>(
  name: string,
  work: (pool: Pool, url: string) => Promise<Result>,
  { mayBeNew = false }: { readonly mayBeNew?: boolean } = {},
): Promise<Result> {
  const config = readConfig(process.env);
  const log = openCliLogger(config, name);
  const { signal } = onInterrupt();
  const database = await open({ config, mayBeNew, signal, log });
  const pool = openPool({ url: database.url, name, size: CONNECTIONS, log });
  try {
    return await orAborted(work(pool, database.url), signal);
  } finally {
    // After an interrupt, does not wait for a statement that still runs.
    const ended = pool.end().catch(() => undefined);
    if (!signal.aborted) await ended;
    await database.close();
  }
}

type OpenOptions = {
  readonly config: Config;
  readonly mayBeNew: boolean;
  readonly signal: AbortSignal;
  readonly log: Logger;
};
type OpenedDatabase = { readonly url: string; readonly close: () => Promise<void> };

/** Leases the database of the running system, or starts one; waits while another command starts or stops it. */
async function open(options: OpenOptions): Promise<OpenedDatabase> {
  const { config, signal } = options;
  for (let told = false; ; told = true) {
    signal.throwIfAborted();
    const running = await findSystem(config.home);
    const lease = await running?.lease().catch(() => undefined);
    if (running !== undefined && lease !== undefined) {
      return {
        url: running.info.databaseUrl,
        close: () => {
          lease.release();
          return Promise.resolve();
        },
      };
    }
    const release = tryLockDataFolder(config.home);
    if (release !== undefined) return await start(options, release);
    if (!told) say('Another command starts or stops the system on this data folder; waiting …');
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

/** Starts the database alone; `release` unlocks the data folder. */
async function start(
  { config, mayBeNew, signal, log }: OpenOptions,
  release: () => void,
): Promise<OpenedDatabase> {
  try {
    if (!mayBeNew) requirePrivate(config);
    const services = await openServices({ config, signal, say, log, only: 'database' });
    if (!mayBeNew) await requireSchema(config);
    await migrate(services.databaseUrl);
    return {
      url: services.databaseUrl,
      close: async () => {
        await services.close();
        release();
      },
    };
  } catch (error) {
    release();
    throw error;
  }
}

/**
 * Rejects a missing database: an empty one would pass every check, and have nothing to write to a
 * file.
 */
function requirePrivate({ home, databaseUrl }: Config): void {
  if (databaseUrl !== undefined || isReplicated(home) || hasDatabase(home)) return;
  throw noDatabase(`${home} holds no database`);
}

async function requireSchema({ databaseUrl }: Config): Promise<void> {
  if (databaseUrl === undefined || (await hasSchema(databaseUrl, SCHEMA))) return;
  throw noDatabase(`DATABASE_URL names a database without our schema ${SCHEMA}`);
}

const noDatabase = (found: string): CodedError =>
  new CodedError(
    'data-folder-missing',
    `${found}: nothing was ever stored there. Start a system on it first: ${OWN_COMMAND} up`,
  );
