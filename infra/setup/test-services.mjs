// One private PostgreSQL and one private RabbitMQ for all tests that need them.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { load } from './root.mjs';

/** Runs `work` with where the services are, as environment; gives its result; stops them in any case. */
export async function withTestServices(work) {
  const { openServices } = await load('infra/services/open-services.js');
  const { removeDeleted } = await load('infra/services/postgres-data.js');
  const { installPackages } = await load('infra/services/debian.js');
  const { readConfig } = await load('shared/runtime/config.js');
  const { openFileLogger } = await load('shared/runtime/logger.js');
  const home = mkdtempSync(join(tmpdir(), 'daytrade-test-'));
  const log = openFileLogger('test', { level: 'info', file: join(home, 'test.log') });
  const config = readConfig({ DAYTRADE_HOME: home });
  const say = (line) => console.log(line);
  if (spawnSync('xmllint', ['--version']).status !== 0) {
    const purpose = 'the tests of dumps';
    const otherwise = 'install it, for the tests of dumps fail without it';
    await installPackages({ packages: ['libxml2-utils'], purpose, otherwise, home, say });
  }
  if (spawnSync('curl', ['--version']).status !== 0) {
    const purpose = 'the test that follows the documents';
    const otherwise = 'install it, for that test fails without it';
    await installPackages({ packages: ['curl'], purpose, otherwise, home, say });
  }
  if (spawnSync('promtool', ['--version']).status !== 0) {
    const purpose = 'the tests of alerts';
    const otherwise = 'leave it out: the tests of alerts are skipped without it';
    // Only where nobody has to be asked: those tests need nothing else that is here.
    if (process.getuid?.() === 0) {
      await installPackages({ packages: ['prometheus'], purpose, otherwise, home, say });
    }
  }
  const { fakedClockLibrary } = await load('tests/faults/support/faked-clock.js');
  if (fakedClockLibrary() === undefined && process.getuid?.() === 0) {
    const purpose = 'the tests of a stepped clock';
    const otherwise = 'leave it out: the tests of a stepped clock are skipped without it';
    await installPackages({ packages: ['libfaketime'], purpose, otherwise, home, say });
  }
  // Where this fails the folder stays: the services' logs in it say why.
  const services = await openServices({ config, say, log });
  try {
    return await work({
      TEST_DATABASE_URL: services.databaseUrl,
      TEST_AMQP_URL: services.amqpUrl,
      TEST_AMQP_MANAGEMENT_URL: services.managementUrl,
    });
  } finally {
    await services.close();
    removeDeleted(home);
    rmSync(home, { recursive: true, force: true });
  }
}
