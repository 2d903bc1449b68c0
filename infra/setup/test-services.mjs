// Runs one private PostgreSQL and one private RabbitMQ for all tests that need them.
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { load } from './root.mjs';
import { hasFailed } from './test-run.mjs';

const answers = (command) => () => spawnSync(command, ['--version']).status === 0;

const TOOLS = [
  {
    packages: ['libxml2-utils'],
    isThere: answers('xmllint'),
    purpose: 'the tests of dumps',
    otherwise: 'install it, for the tests of dumps fail without it',
  },
  {
    packages: ['curl'],
    isThere: answers('curl'),
    purpose: 'the test that follows the documents',
    otherwise: 'install it, for that test fails without it',
  },
  {
    packages: ['prometheus'],
    isThere: answers('promtool'),
    isOptional: true,
    purpose: 'the tests of alerts',
    otherwise: 'leave it out: the tests of alerts are skipped without it',
  },
];
const FAKED_CLOCK = {
  packages: ['libfaketime'],
  isOptional: true,
  purpose: 'the tests of a stepped clock',
  otherwise: 'leave it out: the tests of a stepped clock are skipped without it',
};

/**
 * Runs `work` with the services' addresses as environment, resolves to its runs of suites, and stops the
 * services in any case. If a suite failed, the services' logs stay, and a line says where.
 */
export async function withTestServices(work) {
  const { openServices } = await load('infra/services/open-services.js');
  const { removeDeleted } = await load('infra/services/private/postgres-data.js');
  const { installPackages } = await load('infra/host/debian.js');
  const { readConfig } = await load('shared/runtime/config.js');
  const { openFileLogger } = await load('shared/runtime/logger.js');
  const home = mkdtempSync(join(tmpdir(), 'daytrade-test-'));
  const log = openFileLogger('test', { level: 'info', file: join(home, 'test.log') });
  const config = readConfig({ DAYTRADE_HOME: home });
  const say = (line) => console.log(line);
  const { fakedClockLibrary } = await load('tests/faults/support/faked-clock.js');
  const tools = [...TOOLS, { ...FAKED_CLOCK, isThere: () => fakedClockLibrary() !== undefined }];
  for (const { isThere, isOptional, ...wanted } of tools) {
    // Installs optional tools only as root, when no password is needed.
    if (isThere() || (isOptional && process.getuid?.() !== 0)) continue;
    await installPackages({ ...wanted, home, say });
  }
  // If this fails, the folder stays: the services' logs in it show why.
  const services = await openServices({ config, say, log });
  try {
    const runs = await work({
      TEST_DATABASE_URL: services.databaseUrl,
      TEST_AMQP_URL: services.amqpUrl,
      TEST_AMQP_MANAGEMENT_URL: services.managementUrl,
    });
    if (runs.some(hasFailed)) keepLogs(home, say);
    return runs;
  } finally {
    await services.close();
    removeDeleted(home);
    rmSync(home, { recursive: true, force: true });
  }
}

function keepLogs(home, say) {
  const kept = mkdtempSync(join(tmpdir(), 'daytrade-test-logs-'));
  cpSync(join(home, 'logs'), kept, { recursive: true });
  say(`The logs of the PostgreSQL and RabbitMQ that the suites shared: ${kept}`);
}
