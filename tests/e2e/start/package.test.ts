/** What `npm pack` makes runs from an empty folder, without the sources and without a build. */
import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { packageRoot } from '../../../shared/runtime/package-root.ts';
import { plainEnvironment } from '../../support/run-daytrade.ts';
import { openTestBroker, type TestBroker } from '../../support/test-broker.ts';
import { openTestDatabase, type TestDatabase } from '../../support/test-database.ts';
import { testManagementUrl } from '../../support/test-services.ts';

const LONG_MS = 300_000;
const NAME = '@daytrading-inc/daytrade';

const execute = promisify(execFile);

let folder: string;
let broker: TestBroker;
let database: TestDatabase;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'daytrade package-'));
  [broker, database] = await Promise.all([openTestBroker(), openTestDatabase()]);
  await installPackage();
}, LONG_MS);

afterAll(async () => {
  await broker.close();
  await database.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Unpacks the package as npm would, and links the packages that it depends on, so that no registry is needed. */
async function installPackage(): Promise<void> {
  await execute('npm', ['pack', '--pack-destination', folder], { cwd: packageRoot });
  const [archive = ''] = readdirSync(folder).filter((name) => name.endsWith('.tgz'));
  const modules = join(folder, 'node_modules');
  const own = join(modules, NAME);
  mkdirSync(own, { recursive: true });
  await execute('tar', ['xzf', join(folder, archive), '-C', own, '--strip-components=1']);
  for (const name of readdirSync(join(packageRoot, 'node_modules'))) {
    const link = join(modules, name);
    if (!name.startsWith('.')) symlinkSync(join(packageRoot, 'node_modules', name), link);
  }
  mkdirSync(join(modules, '.bin'));
  symlinkSync(`../${NAME}/infra/setup/daytrade.mjs`, join(modules, '.bin/daytrade'));
}

const daytrade = async (args: readonly string[]): Promise<{ stdout: string; stderr: string }> =>
  await execute('npx', ['--no-install', 'daytrade', ...args], {
    cwd: folder,
    env: {
      ...plainEnvironment(),
      DAYTRADE_HOME: join(folder, 'data'),
      AMQP_URL: broker.url,
      AMQP_MANAGEMENT_URL: testManagementUrl(),
      DATABASE_URL: database.url,
      QUOTE_SERVER_FLAGS: '--fixed-prices --delay-ms 0',
    },
  });

test('the package contains the chart library with its licence, but no sources and no tests', () => {
  const own = join(folder, 'node_modules', NAME);
  expect(readdirSync(own).sort()).toEqual(
    ['LICENSE', 'README.md', 'build', 'docs', 'infra', 'package.json', 'workloads'].sort(),
  );
  expect(existsSync(join(own, 'build/tests'))).toBe(false);
  expect(readdirSync(join(own, 'build/report-script'))).toEqual(['LICENSE', 'timelines.js']);
});

test(
  'it runs every command through the web, and names the command as `npx` finds it',
  async () => {
    const every = join(packageRoot, 'workloads/every-command.workload');
    const { stdout, stderr } = await daytrade(['workload', every, '--via', 'web']);
    expect(stdout).toMatch(/requests +22 in /);
    expect(stdout).toContain('total cash  $73,961.76');
    expect(stderr).toContain('npx --no-install daytrade dump OUT.xml');
    expect((await daytrade(['verify', '--drained'])).stdout).toContain('All invariants hold.');
  },
  LONG_MS,
);
