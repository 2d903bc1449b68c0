/** Backs up and restores a system, as an operator does. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { lstatSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { NO_EDGES } from '../../support/one-each.ts';
import { succeeded } from '../../support/run-daytrade.ts';
import { openTestDatabase } from '../../support/test-database.ts';
import { openTestSystem, type TestSystem } from '../../support/test-system.ts';
import { OWN_COMMAND } from '../../../shared/runtime/own-command.ts';

let system: TestSystem;
let file: string;
let accounts: string;

async function run(...args: readonly string[]): Promise<string> {
  return (await succeeded(args, system.daytrade(args))).output;
}

beforeAll(async () => {
  system = await openTestSystem({ ...NO_EDGES, SHARDS: '4', ORDER_LIFETIME_S: '3600' });
  file = join(system.home, 'backup');
  await run('publish', 'workloads/sample.workload');
  await run('verify', '--drained');
  accounts = await run('accounts');
  // Of a running system.
  await run('backup', file);
  await run('send', 'ADD,somebody-new,100.00');
}, 240_000);

afterAll(async () => {
  await system.close();
}, 240_000);

describe('outputs', () => {
  test('- and /dev/stdout are standard output, and the device stays', async () => {
    const device = lstatSync('/dev/stdout').ino;
    for (const out of ['-', '/dev/stdout']) {
      expect(await run('dump', out)).toMatch(/^<\?xml[^]*<\/log>\n$/);
      expect(await run('accounts', out)).toBe(await run('accounts'));
      expect((await run('backup', out)).startsWith('PGDMP')).toBe(true);
    }
    expect(lstatSync('/dev/stdout').ino).toBe(device);
  }, 240_000);

  test('a path that cannot be written is told before the run, in one line', async () => {
    for (const args of [
      ['workload', '--report', `${file}/x`],
      ['workload', '--answers', `${file}/x`],
      ['workload', '--dump', `${file}/x`],
      ['dump', `${file}/x`],
      ['accounts', system.home],
      ['backup', `${file}/x`],
      ['archive', '--before', '2020-01', '--to', file],
      ['generate', '--out', `${file}/x`],
    ]) {
      const { exitCode, said, output } = await system.daytrade(args);
      expect([args, exitCode, output]).toEqual([args, 73, '']);
      expect(said).toMatch(/^Cannot write [^\n]+\n$/);
    }
  }, 240_000);
});

describe('backup and restore', () => {
  test('a system that runs is not restored under its feet', async () => {
    const { exitCode, said } = await system.daytrade(['restore', file, '--yes']);
    expect([exitCode, said]).toEqual([1, expect.stringContaining(`${OWN_COMMAND} down`)]);
  });

  test('nobody who can be asked: --yes is demanded', async () => {
    await run('down');
    const { exitCode, said } = await system.daytrade(['restore', file]);
    expect([exitCode, said]).toEqual([64, expect.stringContaining('--yes')]);
  });

  test('a backup that was cut off changes nothing', async () => {
    const before = await run('accounts');
    expect(before).not.toBe(accounts);
    const cut = `${file}.cut`;
    const whole = readFileSync(file);
    writeFileSync(cut, whole.subarray(0, whole.length * 0.9));
    const { exitCode } = await system.daytrade(['restore', cut, '--yes']);
    expect(exitCode).toBe(1);
    expect(await run('accounts')).toBe(before);
  }, 240_000);

  test('a new machine is filled from the file alone, without a start before it', async () => {
    const database = await openTestDatabase();
    const home = join(system.home, 'new');
    const onNew = { DAYTRADE_HOME: home, DATABASE_URL: database.url };
    await succeeded(['restore'], system.daytrade(['restore', file, '--yes'], '', onNew));
    const { output } = await succeeded(['accounts'], system.daytrade(['accounts'], '', onNew));
    expect(output).toBe(accounts);
    await database.close();
  }, 240_000);

  test('what is restored is what was there, and the system goes on from it', async () => {
    await run('restore', file, '--yes');
    expect(await run('accounts')).toBe(accounts);
    await system.start();
    await run('verify');
    await run('send', 'ADD,somebody-else,100.00');
    await run('verify', '--drained');
    expect(await run('accounts')).toContain('somebody-else');
  }, 240_000);
});
