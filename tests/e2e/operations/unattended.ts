/** A system that runs without a terminal, as under systemd and in a container. */
import { chmodSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { plainEnvironment } from '../../support/run-daytrade.ts';
import type { TestSystem } from '../../support/test-system.ts';
import { until } from '../../support/until.ts';

/** Replaces systemd's program by one that notes its arguments. Returns the settings. */
export function notifying(folder: string): Readonly<Record<string, string>> {
  const program = join(folder, 'systemd-notify');
  writeFileSync(program, `#!/bin/sh\necho "$@" >> ${folder}/notified\n`);
  chmodSync(program, 0o755);
  const { PATH = '' } = plainEnvironment();
  return { PATH: `${folder}:${PATH}`, NOTIFY_SOCKET: join(folder, 'notify') };
}

function readPrivate(home: string, name: string): string {
  expect(statSync(join(home, name)).mode & 0o777).toBe(0o600);
  return readFileSync(join(home, name), 'utf8');
}

/** Tests a system with a web and the settings of `notifying(folder)`. */
export function describeUnattended(running: () => TestSystem, folder: () => string): void {
  const home = (): string => running().home;

  describe('a system without a terminal', () => {
    test('prints no password, and names the file that has them', async () => {
      const info = await running().info();
      const urls = [info.amqpUrl, info.databaseUrl, info.operatorUrl ?? ''];
      const addresses = readPrivate(home(), 'addresses');
      for (const url of urls) {
        const { password } = new URL(url);
        expect(password.length).toBeGreaterThan(10);
        expect(addresses).toContain(password);
        expect(running().said() + running().printed()).not.toContain(password);
      }
      expect(running().said()).toContain(`in ${join(home(), 'addresses')}`);
    });

    test('keeps the first administrator’s password in a file', () => {
      const password = readPrivate(home(), 'administrator').trim();
      expect(password.length).toBeGreaterThan(10);
      expect(running().said() + running().printed()).not.toContain(password);
      expect(running().said()).toContain(`password in ${join(home(), 'administrator')}`);
    });

    test('logs every process to standard output, as JSON, and to files too', async () => {
      // The last line may not be written yet.
      const lines = (): readonly string[] => running().printed().split('\n').slice(0, -1);
      const loggers = (): readonly string[] =>
        lines().map((line) => (JSON.parse(line) as { readonly process: string }).process);
      for (const name of ['supervisor', 'transaction-1', 'web-1']) {
        await until(() => loggers().includes(name), { what: `${name} logs` });
      }
      expect(statSync(join(home(), 'logs/transaction-1.log')).size).toBeGreaterThan(0);
    });

    test('notifies systemd once every process takes work, and no other process does', async () => {
      const notified = (): string => readFileSync(join(folder(), 'notified'), 'utf8');
      await until(() => notified() !== '', { what: 'systemd is told' });
      expect(notified()).toBe('--ready\n');
      expect((await running().info()).processes.length).toBeGreaterThan(6);
    });
  });
}
