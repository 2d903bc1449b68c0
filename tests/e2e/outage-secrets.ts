/** No command line, readable file or needless process of a running system contains a secret. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  allProcesses,
  openFilesBelow,
  processesOf,
  usersFor,
  usersIn,
} from '../support/process-secrets.ts';
import { succeeded } from '../support/run-daytrade.ts';
import type { UpSystem } from '../support/up-system.ts';

const START_MS = 240_000;

const settingsIn =
  (home: string) =>
  (file: string): Readonly<Record<string, string>> =>
    JSON.parse(readFileSync(join(home, file), 'utf8')) as Record<string, string>;

type Settings = ReturnType<typeof settingsIn>;

/** The passwords of the owner of the services. */
const ownersSecrets = (settings: Settings): readonly string[] => {
  const { password = '', cookie = '' } = settings('rabbitmq.json');
  return [password, cookie, settings('postgresql.json')['password'] ?? ''];
};

/** Tests a system with private services, whose files and processes all belong to it. */
export function describeSecrets(running: () => UpSystem): void {
  describe('the secrets of a running system', () => {
    let system: UpSystem;
    let settings: Settings;
    let output: string;

    beforeAll(async () => {
      system = running();
      settings = settingsIn(system.home);
      output = mkdtempSync(join(tmpdir(), 'daytrade-output-'));
      const run = (...args: string[]): Promise<unknown> => succeeded(args, system.daytrade(args));
      await run('send', 'ADD,secretive,10.00');
      await run('dump', join(output, 'log.xml'));
      await run('backup', join(output, 'backup'));
      await run('send', 'DUMPLOG,./dumped');
    }, START_MS);
    afterAll(() => rmSync(output, { recursive: true, force: true }));

    test('are on no command line', async () => {
      const secrets = [
        ...ownersSecrets(settings),
        settings('system.json')['token'] ?? '',
        ...Object.values((await system.info()).producer).map((url) => new URL(url).password),
      ];
      expect(secrets.every((secret) => secret.length > 10)).toBe(true);
      for (const { pid, cmdline } of allProcesses()) {
        expect([pid, secrets.filter((secret) => cmdline.includes(secret))]).toEqual([pid, []]);
      }
    });

    test('are in no file or folder that others can read', () => {
      expect([...openFilesBelow(system.home), ...openFilesBelow(output)]).toEqual([]);
    });

    test('are in the environment of exactly the processes that use them', async () => {
      const found = await processesOf(system.home);
      // The supervisor, PostgreSQL, RabbitMQ and its port mapper are among them.
      expect(found.length).toBeGreaterThan((await system.info()).processes.length);
      for (const each of found) {
        expect([each.name, usersIn(each)]).toEqual([each.name, usersFor(each.name)]);
        const others = [...ownersSecrets(settings), settings('system.json')['token'] ?? ''];
        expect([each.name, others.filter((secret) => each.environ.includes(secret))]).toEqual([
          each.name,
          [],
        ]);
      }
    });
  });
}
