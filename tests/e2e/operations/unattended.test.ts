/** Runs `daytrade up` without a terminal, as systemd and a container do. */
import { spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { findSystem } from '../../../shared/control/control-client.ts';
import type { SystemInfo } from '../../../shared/control/system-info.ts';
import { ONE_EACH } from '../../support/one-each.ts';
import { DAYTRADE, plainEnvironment } from '../../support/run-daytrade.ts';
import { openTestBroker, type TestBroker } from '../../support/test-broker.ts';
import { openTestDatabase, type TestDatabase } from '../../support/test-database.ts';
import { testManagementUrl } from '../../support/test-services.ts';
import { until } from '../../support/until.ts';

const START_MS = 240_000;

let home: string;
let broker: TestBroker;
let database: TestDatabase;
let info: SystemInfo;
let output = '';
let said = '';
let stop: () => Promise<void>;

/** In the place of systemd's own program: notes what it is called with. */
function fakeNotify(folder: string): string {
  const program = join(folder, 'systemd-notify');
  writeFileSync(program, `#!/bin/sh\necho "$@" >> ${folder}/notified\n`);
  chmodSync(program, 0o755);
  return folder;
}

beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), 'daytrade-unattended-'));
  [broker, database] = await Promise.all([openTestBroker(), openTestDatabase()]);
  const environment = plainEnvironment();
  const child = spawn(process.execPath, [DAYTRADE, 'up'], {
    env: {
      ...environment,
      ...ONE_EACH,
      PATH: `${fakeNotify(home)}:${environment['PATH'] ?? ''}`,
      NOTIFY_SOCKET: join(home, 'notify'),
      DAYTRADE_HOME: home,
      AMQP_URL: broker.url,
      AMQP_MANAGEMENT_URL: testManagementUrl(),
      DATABASE_URL: database.url,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  child.stdout.on('data', (piece: Buffer) => void (output += piece.toString()));
  child.stderr.on('data', (piece: Buffer) => void (said += piece.toString()));
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  stop = async () => {
    child.kill('SIGTERM');
    await ended;
  };
  await until(() => said.includes('Ctrl-C'), {
    what: 'it says that it is up',
    timeoutMs: START_MS,
  });
  const system = await findSystem(home);
  if (system === undefined) throw new Error(`the system does not run: ${said}`);
  ({ info } = system);
}, START_MS);
afterAll(async () => {
  await stop();
  await broker.close();
  await database.close();
  rmSync(home, { recursive: true, force: true });
}, START_MS);

const readPrivate = (name: string): string => {
  expect(statSync(join(home, name)).mode & 0o777).toBe(0o600);
  return readFileSync(join(home, name), 'utf8');
};

describe('a system without a terminal', () => {
  test('prints no password, and names the file that has them', () => {
    const urls = [info.amqpUrl, info.databaseUrl, info.operatorUrl ?? ''];
    const addresses = readPrivate('addresses');
    for (const url of urls) {
      const { password } = new URL(url);
      expect(password.length).toBeGreaterThan(10);
      expect(addresses).toContain(password);
      expect(said + output).not.toContain(password);
    }
    expect(said).toContain(`in ${join(home, 'addresses')}`);
  });

  test('keeps the first administrator’s password in a file', () => {
    const password = readPrivate('administrator').trim();
    expect(password.length).toBeGreaterThan(10);
    expect(said + output).not.toContain(password);
    expect(said).toContain(`password in ${join(home, 'administrator')}`);
  });

  test('logs every process to standard output, as JSON, and to files too', async () => {
    // The last line may still be on its way.
    const lines = (): readonly string[] => output.split('\n').slice(0, -1);
    const loggers = (): readonly string[] =>
      lines().map((line) => (JSON.parse(line) as { readonly process: string }).process);
    for (const name of ['supervisor', 'transaction-1', 'web-1']) {
      await until(() => loggers().includes(name), { what: `${name} logs` });
    }
    expect(statSync(join(home, 'logs/transaction-1.log')).size).toBeGreaterThan(0);
  });

  test('tells systemd once every process takes work, and no process of its own tells it', async () => {
    const notified = (): string => readFileSync(join(home, 'notified'), 'utf8');
    await until(() => notified() !== '', { what: 'systemd is told' });
    expect(notified()).toBe('--ready\n');
    expect(info.processes.length).toBeGreaterThan(6);
  });
});
