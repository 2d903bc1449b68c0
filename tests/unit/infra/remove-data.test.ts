import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  addedPackages,
  removeData,
  removeDataFolder,
} from '../../../infra/operations/remove-data.ts';
import { markDataFolder } from '../../../infra/supervisor/data-folder.ts';
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
  test('the system’s own files are removed, others stay', async () => {
    writeFileSync(join(home, 'my-letters.txt'), '');
    await removeData(home);
    expect(readdirSync(home).toSorted()).toEqual(['installed-packages', 'my-letters.txt']);
  });

  test('it is refused while the folder is in use', async () => {
    const release = tryLockDataFolder(home);
    await expect(removeData(home)).rejects.toThrow(`${OWN_COMMAND} down`);
    release?.();
    expect(existsSync(join(home, 'logs'))).toBe(true);
  });

  test.each(['none', 'etc'])(
    '%s, which is no data folder, is refused by its name',
    async (name) => {
      const other = join(home, name);
      if (name === 'etc') mkdirSync(join(other, 'rabbitmq'), { recursive: true });
      await expect(removeDataFolder(other)).rejects.toThrow(other);
      expect(existsSync(join(home, 'etc/rabbitmq'))).toBe(name === 'etc');
    },
  );

  test('a folder with the services of another program is never made a data folder', () => {
    const other = join(home, 'etc');
    mkdirSync(join(other, 'postgresql'), { recursive: true });
    expect(() => markDataFolder(other)).toThrow('postgresql');
    expect(readdirSync(other)).toEqual(['postgresql']);
  });

  test('the folder itself is removed if it is empty then', async () => {
    expect(addedPackages(home)).toEqual(['postgresql', 'rabbitmq-server']);
    await expect(removeDataFolder(home)).resolves.toEqual([]);
    expect(existsSync(home)).toBe(false);
  });
});
