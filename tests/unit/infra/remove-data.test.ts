import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  addedPackages,
  removeData,
  removeDataFolder,
} from '../../../infra/operations/remove-data.ts';
import { tryLockDataFolder } from '../../../infra/supervisor/data-folder-lock.ts';
import { OWN_COMMAND } from '../../../shared/runtime/own-command.ts';

let home: string;

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'daytrade-remove-'));
  mkdirSync(join(home, 'logs'));
  for (const dumps of ['dumps', 'user-dumps', 'administrator-dumps', 'unfinished-dumps']) {
    mkdirSync(join(home, dumps));
  }
  mkdirSync(join(home, 'rabbitmq-a'));
  writeFileSync(join(home, 'postgresql.json'), '{}');
  writeFileSync(join(home, 'installed-packages'), 'postgresql\nrabbitmq-server\npostgresql\n');
});

afterEach(() => rmSync(home, { recursive: true, force: true }));

describe('removing the data', () => {
  test('what is ours goes, what is not stays', async () => {
    writeFileSync(join(home, 'my-letters.txt'), '');
    await removeData(home);
    expect(readdirSync(home).toSorted()).toEqual(['installed-packages', 'my-letters.txt']);
  });

  test('it is refused while somebody uses the folder', async () => {
    const release = tryLockDataFolder(home);
    await expect(removeData(home)).rejects.toThrow(`${OWN_COMMAND} down`);
    release?.();
    expect(existsSync(join(home, 'logs'))).toBe(true);
  });

  test('a folder that was never made is no fault', async () => {
    await expect(removeDataFolder(join(home, 'none'))).resolves.toBe(true);
  });

  test('the folder itself goes where nothing else is in it', async () => {
    expect(addedPackages(home)).toEqual(['postgresql', 'rabbitmq-server']);
    await expect(removeDataFolder(home)).resolves.toBe(true);
    expect(existsSync(home)).toBe(false);
  });
});
