/** The demo deletes its data with each start, so that it takes no folder and no service of others. */
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { claimDemoFolder, refuseGivenServices } from '../../../infra/demo/demo-folder.ts';
import { removeData } from '../../../infra/operations/remove-data.ts';
import { demoFolder, markDataFolder } from '../../../infra/supervisor/data-folder.ts';
import { readConfig } from '../../../shared/runtime/config.ts';

let home: string;
let folder: string;

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'daytrade-demo-'));
  folder = demoFolder(home);
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

test('a new folder becomes its own, and stays so with data in it', () => {
  claimDemoFolder(folder);
  markDataFolder(folder);
  writeFileSync(join(folder, 'postgresql.json'), '{}');
  expect(() => claimDemoFolder(folder)).not.toThrow();
});

test('an empty folder becomes its own', () => {
  mkdirSync(folder);
  claimDemoFolder(folder);
  expect(existsSync(join(folder, 'demo.json'))).toBe(true);
});

test('a folder with the data of a system, or with other files, is refused and left as it is', () => {
  mkdirSync(folder);
  writeFileSync(join(folder, 'letters.txt'), '');
  expect(() => claimDemoFolder(folder)).toThrow(`${folder} holds data that no demo made`);
  rmSync(join(folder, 'letters.txt'));
  markDataFolder(folder);
  expect(() => claimDemoFolder(folder)).toThrow('DAYTRADE_HOME');
  expect(existsSync(join(folder, 'demo.json'))).toBe(false);
});

test('it goes with the data of the folder that it is in', async () => {
  markDataFolder(home);
  claimDemoFolder(folder);
  markDataFolder(folder);
  await removeData(home);
  expect(existsSync(folder)).toBe(false);
});

test.each([
  ['DATABASE_URL', 'postgresql://user:secret@host/data'],
  ['AMQP_URL', 'amqp://user:secret@host/'],
  ['QUOTE_SERVER', 'host:4444'],
  ['REPLICATED', '1'],
])('a run with %s is refused', (name, value) => {
  expect(() => refuseGivenServices(readConfig({}))).not.toThrow();
  expect(() => refuseGivenServices(readConfig({ [name]: value }))).toThrow(`without ${name}`);
});
