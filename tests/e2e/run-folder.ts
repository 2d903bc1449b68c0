/** The database, the virtual host and the data folder of a suite's runs; each run starts on empty data. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openTestBroker } from '../support/test-broker.ts';
import { openTestDatabase } from '../support/test-database.ts';
import { testManagementUrl } from '../support/test-services.ts';

export type RunFolder = {
  readonly folder: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly close: () => Promise<void>;
};

export async function openRunFolder(): Promise<RunFolder> {
  const folder = mkdtempSync(join(tmpdir(), 'daytrade-e2e-'));
  const [broker, database] = await Promise.all([openTestBroker(), openTestDatabase()]);
  return {
    folder,
    environment: {
      DAYTRADE_HOME: folder,
      AMQP_URL: broker.url,
      AMQP_MANAGEMENT_URL: testManagementUrl(),
      DATABASE_URL: database.url,
    },
    close: async () => {
      await broker.close();
      await database.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
