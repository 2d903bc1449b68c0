import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import {
  leftProcessesOf,
  postmasterOf,
  removeStalePostmasterPid,
  stopLeftProcesses,
} from '../../../infra/services/private/left-behind.ts';
import { identityOf, readIdentity } from '../../../infra/host/process-identity.ts';
import { lockHolderOf, tryLockDataFolder } from '../../../infra/supervisor/data-folder-lock.ts';

let home: string;
let other: ChildProcess;

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'daytrade-left-'));
  mkdirSync(join(home, 'data'));
  // A live process whose working directory is that of the database, as a postmaster's is.
  other = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], {
    cwd: join(home, 'data'),
    stdio: 'ignore',
  });
});
afterEach(() => {
  other.kill('SIGKILL');
  rmSync(home, { recursive: true, force: true });
});

const pidOf = ({ pid }: ChildProcess): number => pid ?? 0;

describe('postmaster.pid', () => {
  const write = (data: string, pid: number): string => {
    const file = join(data, 'postmaster.pid');
    writeFileSync(file, `${pid}\n${data}\n`);
    return file;
  };

  test('is removed if its process id belongs to another program now', () => {
    const data = mkdtempSync(join(home, 'other-'));
    const file = write(data, pidOf(other));
    expect(postmasterOf(data)).toBeUndefined();
    removeStalePostmasterPid(data);
    expect(existsSync(file)).toBe(false);
  });

  test('stays if that process uses the folder', () => {
    const data = join(home, 'data');
    const file = write(data, pidOf(other));
    removeStalePostmasterPid(data);
    expect([existsSync(file), postmasterOf(data)]).toEqual([true, pidOf(other)]);
  });

  test('is left to PostgreSQL if the process has ended', () => {
    const data = join(home, 'data');
    const file = write(data, 2 ** 22 + 1);
    removeStalePostmasterPid(data);
    expect(existsSync(file)).toBe(true);
  });
});

describe('a PID file of ours', () => {
  const file = (name: string): string => join(home, `${name}.pid`);

  test('means the process that it was written for', async () => {
    writeFileSync(file('rabbitmq'), JSON.stringify(identityOf(pidOf(other))));
    expect(leftProcessesOf(home)).toEqual([{ name: 'rabbitmq', pid: other.pid }]);
    const ended = new Promise((resolve) => other.once('exit', resolve));
    await stopLeftProcesses(home);
    await ended;
    expect([leftProcessesOf(home), existsSync(file('rabbitmq'))]).toEqual([[], false]);
  });

  test.each([
    ['of another boot', (pid: number) => ({ ...identityOf(pid), started: '1234@another-boot' })],
    ['of another process', (pid: number) => ({ pid, started: '1' })],
    ['with no PID', () => ({ pid: 'x' })],
    ['that means everybody', () => ({ pid: -1, started: '1' })],
    ['that holds null', () => null],
  ])('%s means nobody', async (_what, contentOf) => {
    writeFileSync(file('epmd'), JSON.stringify(contentOf(pidOf(other))));
    expect(leftProcessesOf(home)).toEqual([]);
    await stopLeftProcesses(home);
    expect(other.exitCode ?? other.signalCode).toBeNull();
  });

  test.each(['', '{', '\0\0\0\0'])('cut short to %j means nobody', (text) => {
    writeFileSync(file('epmd'), text);
    expect(readIdentity(file('epmd'))).toBeUndefined();
  });

  test('of an earlier version, without a boot, is still known', () => {
    const { pid, started } = identityOf(pidOf(other));
    writeFileSync(file('etcd-a'), JSON.stringify({ pid, started: started.split('@')[0] }));
    expect(leftProcessesOf(home)).toEqual([{ name: 'etcd-a', pid }]);
  });
});

describe('the lock of the data folder', () => {
  const owner = (text: string): void => {
    mkdirSync(join(home, 'system.lock'));
    writeFileSync(join(home, 'system.lock/owner'), text);
  };

  test('is free if its process id belongs to another process now', () => {
    owner(`${pidOf(other)} 1234@another-boot`);
    expect(lockHolderOf(home)).toBeUndefined();
    const release = tryLockDataFolder(home);
    expect(release).toBeDefined();
    release?.();
  });

  test('is held by the process that it was written for', () => {
    owner(`${pidOf(other)} ${identityOf(pidOf(other)).started}`);
    expect(lockHolderOf(home)).toBe(pidOf(other));
    expect(tryLockDataFolder(home)).toBeUndefined();
  });
});
