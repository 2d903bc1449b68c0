/** Where the secrets of a running system are: in no command line, open file or process that needs none. */
import { lstatSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { ONE_EACH } from '../../support/one-each.ts';
import { succeeded } from '../../support/run-daytrade.ts';
import { openUpSystem, type UpSystem } from '../../support/up-system.ts';

const START_MS = 240_000;

let system: UpSystem;
let output: string;

beforeAll(async () => {
  system = await openUpSystem(ONE_EACH);
  output = mkdtempSync(join(tmpdir(), 'daytrade-output-'));
  const run = (...args: string[]): Promise<unknown> => succeeded(args, system.daytrade(args));
  await run('send', 'ADD,secretive,10.00');
  await run('dump', join(output, 'log.xml'));
  await run('backup', join(output, 'backup'));
  await run('send', 'DUMPLOG,./dumped');
}, START_MS);
afterAll(async () => {
  await system.close();
  rmSync(output, { recursive: true, force: true });
}, START_MS);

const settings = (file: string): Readonly<Record<string, string>> =>
  JSON.parse(readFileSync(join(system.home, file), 'utf8')) as Record<string, string>;

/** What the owner of the services signs in with. */
const ownersSecrets = (): readonly string[] => {
  const { password = '', cookie = '' } = settings('rabbitmq.json');
  return [password, cookie, settings('postgresql.json')['password'] ?? ''];
};

/** Of each process, its command line or environment; of those that have ended, nothing. */
function ofProcesses(
  what: 'cmdline' | 'environ',
): readonly (readonly [pid: string, text: string])[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((pid): readonly [string, string] => {
      try {
        return [pid, readFileSync(join('/proc', pid, what), 'utf8')];
      } catch {
        return [pid, ''];
      }
    });
}

function* filesBelow(folder: string): Generator<string> {
  yield folder;
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* filesBelow(path);
    else yield path;
  }
}

describe('the secrets of a running system', () => {
  test('are on no command line', async () => {
    const secrets = [
      ...ownersSecrets(),
      settings('system.json')['token'] ?? '',
      ...Object.values((await system.info()).producer).map((url) => new URL(url).password),
    ];
    expect(secrets.every((secret) => secret.length > 10)).toBe(true);
    for (const [pid, text] of ofProcesses('cmdline')) {
      expect([pid, secrets.filter((secret) => text.includes(secret))]).toEqual([pid, []]);
    }
  });

  test('are in no file, and no folder, that others can read', () => {
    const open = [...filesBelow(system.home), ...filesBelow(output)].filter(
      (path) => !lstatSync(path).isSymbolicLink() && (lstatSync(path).mode & 0o077) !== 0,
    );
    expect(open).toEqual([]);
  });

  test('of the owner are in the environment of no process', async () => {
    const { processes } = await system.info();
    const pids = new Map(processes.map(({ pid, name }) => [String(pid), name]));
    const found = ofProcesses('environ')
      .filter(([pid, text]) => pids.has(pid) && ownersSecrets().some((each) => text.includes(each)))
      .map(([pid]) => pids.get(pid));
    expect(found).toEqual([]);
  });

  test('of a role are in the environment of its own process alone', async () => {
    const { processes } = await system.info();
    const environments = new Map(ofProcesses('environ'));
    const users = processes.map(({ pid, name }): readonly [string, readonly string[]] => {
      const text = environments.get(String(pid)) ?? '';
      const urls = text.split('\0').flatMap((line) => /:\/\/([^:/]+):[^@]+@/.exec(line)?.[1] ?? []);
      return [name, [...new Set(urls)].sort()];
    });
    const pool = (name: string): string => name.replace(/-\d+$/, '');
    for (const [name, found] of users) {
      const allowed =
        pool(name) === 'web' ? ['daytrade_reader', 'daytrade_web'] : [`daytrade_${pool(name)}`];
      expect([name, found.filter((user) => !allowed.includes(user))]).toEqual([name, []]);
    }
  });
});
