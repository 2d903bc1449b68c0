/** The database of the data folder, whether a system runs on it or not. */
import { readConfig } from '../../shared/runtime/config.ts';
import { migrate } from '../../shared/pg/migrations.ts';
import { openPool, type Pool } from '../../shared/pg/pool.ts';
import { openServices } from '../services/open-services.ts';
import { findSystem } from '../supervisor/control-client.ts';
import { tryLockDataFolder } from '../supervisor/data-folder-lock.ts';
import { openCliLogger } from './log.ts';
import { say } from './output.ts';

const LOOK_MS = 200;
const CONNECTIONS = 2;

/** Runs `work` with the database; PostgreSQL alone is started for it where no system runs. */
export async function withDatabase<Result>(
  name: string,
  work: (pool: Pool, url: string) => Promise<Result>,
): Promise<Result> {
  const config = readConfig(process.env);
  const log = openCliLogger(config, name);
  const database = await open();
  const pool = openPool({ url: database.url, name, size: CONNECTIONS, log });
  try {
    return await work(pool, database.url);
  } finally {
    await pool.end();
    await database.close();
  }

  async function open(): Promise<{ readonly url: string; readonly close: () => Promise<void> }> {
    for (let told = false; ; told = true) {
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
      if (release !== undefined) return await start(release);
      if (!told) say('Another command starts or stops the system on this data folder; waiting …');
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    }
  }

  async function start(
    release: () => void,
  ): Promise<{ readonly url: string; readonly close: () => Promise<void> }> {
    try {
      const services = await openServices({ config, say, log, only: 'database' });
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
}
