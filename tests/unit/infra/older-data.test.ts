import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { moveDatabase, refuseKept, type OlderData } from '../../../infra/operations/upgrade.ts';
import { refuseOlderBroker } from '../../../infra/services/private/older-broker.ts';
import { binariesFor, newerPostgres } from '../../../infra/services/private/postgres-binaries.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'daytrade-older-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function write(path: string, text = ''): void {
  mkdirSync(join(folder, path, '..'), { recursive: true });
  writeFileSync(join(folder, path), text);
}

describe('the programs for a database', () => {
  const install = (...versions: readonly number[]): void => {
    for (const version of versions) write(`installed/${version}/bin/postgres`);
  };
  const found = (): string => binariesFor(join(folder, 'data'), join(folder, 'installed'));

  test('are the newest for a new one', () => {
    install(15, 17);
    expect(found()).toBe(join(folder, 'installed/17/bin'));
  });

  test('are those that made it, also beside newer ones', () => {
    install(15, 17);
    write('data/PG_VERSION', '15\n');
    expect(found()).toBe(join(folder, 'installed/15/bin'));
  });

  test('if they are gone, three lines say what made it, what is there, and the ways forward', () => {
    install(17);
    write('data/PG_VERSION', '15\n');
    expect(found).toThrow(
      /^PostgreSQL 15 made .* only version 17.*\nNothing was changed\. Install postgresql-15 .*\nOr restore a backup .*$/,
    );
  });
});

describe('an upgrade of a database', () => {
  const old = (): OlderData => ({ folder: join(folder, 'postgresql'), installed: '17' });
  const versionIn = (name: string): string => readFileSync(join(folder, name), 'utf8');
  const save = (file: string): Promise<void> => {
    writeFileSync(file, 'saved');
    return Promise.resolve();
  };

  beforeEach(() => write('postgresql/PG_VERSION', '15'));

  test('keeps the old folder beside the new one', async () => {
    const load = (file: string): Promise<void> => {
      write('postgresql/PG_VERSION', readFileSync(file, 'utf8'));
      return Promise.resolve();
    };
    await moveDatabase(folder, old(), { save, load });
    expect(versionIn('postgresql/PG_VERSION')).toBe('saved');
    expect(versionIn('postgresql-before-17/PG_VERSION')).toBe('15');
    expect(readdirSync(folder).filter((name) => !name.startsWith('postgresql'))).toEqual([]);
  });

  test('puts the old folder back if it fails', async () => {
    const load = (): Promise<void> => Promise.reject(new Error('no room'));
    await expect(moveDatabase(folder, old(), { save, load })).rejects.toThrow('no room');
    expect(versionIn('postgresql/PG_VERSION')).toBe('15');
    expect(readdirSync(folder)).toEqual(['postgresql']);
  });

  test('changes nothing if the data cannot be saved, nor what an earlier upgrade kept', async () => {
    write('postgresql-before-17/PG_VERSION', '14');
    const unsaved = (): Promise<void> => Promise.reject(new Error('disk full'));
    const moved = moveDatabase(folder, old(), { save: unsaved, load: unsaved });
    await expect(moved).rejects.toThrow('disk full');
    expect(versionIn('postgresql/PG_VERSION')).toBe('15');
    expect(versionIn('postgresql-before-17/PG_VERSION')).toBe('14');
  });

  test('is refused while an earlier one keeps its folder', () => {
    const older = { database: old(), broker: undefined };
    expect(() => refuseKept(older)).not.toThrow();
    write('postgresql-before-17/PG_VERSION', '14');
    expect(() => refuseKept(older)).toThrow('An earlier upgrade kept the old data in');
  });

  test('is of the newest version that is installed beside that of the data', () => {
    write('installed/15/bin/postgres');
    const newer = (): string | undefined =>
      newerPostgres(join(folder, 'postgresql'), join(folder, 'installed'));
    expect(newer()).toBeUndefined();
    write('installed/17/bin/postgres');
    expect(newer()).toBe('17');
  });
});

describe('data of a broker', () => {
  const check = (version: string): void => {
    mkdirSync(join(folder, `installed/rabbitmq_server-${version}`), { recursive: true });
    refuseOlderBroker(join(folder, 'node'), join(folder, 'installed'));
  };
  const features = (...names: readonly string[]): void =>
    write('node/data/daytrade-1@localhost-feature_flags', `[${names.join(',\n')}].\n`);

  test('of 3.10 is refused by 4.0, in three lines', () => {
    features('quorum_queue', 'stream_queue');
    expect(() => check('4.0.5')).toThrow(
      /^An older RabbitMQ than 3\.13 made .* 4\.0\.5.*\nNothing was changed\. .*\nOr restore a backup .*$/,
    );
  });

  test('of 3.13 and later is opened by 4.0', () => {
    features('message_containers', 'quorum_queue');
    expect(() => check('4.0.5')).not.toThrow();
  });

  test('of any version is opened by 3.x', () => {
    features('quorum_queue');
    expect(() => check('3.10.8')).not.toThrow();
  });

  test('that does not exist yet needs nothing', () => {
    expect(() => check('4.0.5')).not.toThrow();
  });
});
