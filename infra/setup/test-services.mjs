// One private PostgreSQL and one private RabbitMQ for all tests that need them.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { dist } from './root.mjs';

const load = (path) => import(join(dist, path));

/** Runs `work` with where the services are, as environment; gives its result; stops them in any case. */
export async function withTestServices(work) {
  const { openServices, removeServiceData } = await load('infra/services/open-services.js');
  const { readConfig } = await load('shared/runtime/config.js');
  const { openFileLogger } = await load('shared/runtime/logger.js');
  const home = mkdtempSync(join(tmpdir(), 'daytrade-test-'));
  const log = openFileLogger('test', { level: 'info', file: join(home, 'test.log') });
  const config = readConfig({ DAYTRADE_HOME: home });
  // Where this fails the folder stays: the services' logs in it say why.
  const services = await openServices({ config, say: (line) => console.log(line), log });
  try {
    return await work({
      TEST_DATABASE_URL: services.databaseUrl,
      TEST_AMQP_URL: services.amqpUrl,
      TEST_AMQP_MANAGEMENT_URL: services.managementUrl,
    });
  } finally {
    await services.close();
    removeServiceData(home);
    rmSync(home, { recursive: true, force: true });
  }
}
