/** In folders of PostgreSQL's user, root follows no planted link. */
import {
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { installFile } from '../../../infra/host/debian.ts';
import { openPostgres } from '../../../infra/services/private/postgres.ts';
import { ownerOf, ROOT_FOLDER } from '../../../infra/services/private/postgres-data.ts';
import type { ClusterOptions } from '../../../infra/services/replicated/cluster-options.ts';
import type { Machine } from '../../../infra/services/replicated/machine.ts';
import { startPatroni } from '../../../infra/services/replicated/patroni.ts';
import { restoreTo } from '../../../infra/services/replicated/restore.ts';
import { recordingLogger } from '../../support/recording-logger.ts';

const asRoot = process.getuid?.() === 0 ? describe : describe.skip;
const SECRET = 'of root alone';

let home: string;
let victim: string;
/** The database folder of a system that an earlier version made. The database's user owns it. */
let folder: string;

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'daytrade-links-'));
  victim = join(home, 'victim');
  writeFileSync(victim, SECRET, { mode: 0o600 });
  const id = `test${process.pid}`;
  folder = join(ROOT_FOLDER, id);
  mkdirSync(folder, { recursive: true, mode: 0o755 });
  give(folder);
  writeFileSync(join(folder, 'belongs-to'), home);
  writeFileSync(join(home, 'postgresql.json'), JSON.stringify({ id, password: 'x', port: 0 }));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
  rmSync(home, { recursive: true, force: true });
});

function give(path: string): void {
  const { uid = 0, gid = 0 } = ownerOf();
  chownSync(path, uid, gid);
}

function expectUntouched(path: string): void {
  expect(statSync(path).uid).toBe(0);
  if (statSync(path).isFile()) expect(readFileSync(path, 'utf8')).toBe(SECRET);
}

const said = { say: () => undefined, log: recordingLogger(), signal: new AbortController().signal };

asRoot('files that root writes', () => {
  test('a link in the place of the password file of a new database', async () => {
    symlinkSync(victim, join(folder, 'password'));
    const { process: postgres } = await openPostgres({ home, ...said });
    await postgres.close();
    expectUntouched(victim);
    // The user cannot put another link there.
    expect(statSync(folder).uid).toBe(0);
  });

  test('links in the place of the folders and settings of a member', async () => {
    const databaseFolder = join(folder, 'postgresql');
    mkdirSync(join(databaseFolder, 'a'), { recursive: true });
    give(databaseFolder);
    give(join(databaseFolder, 'a'));
    const target = join(home, 'target');
    mkdirSync(target);
    symlinkSync(target, join(databaseFolder, 'archive'));
    symlinkSync(victim, join(databaseFolder, 'a', 'patroni.yml'));
    const ports = { patroni: 1, postgres: 1, etcd: 1 } as unknown as Machine['ports'];
    const machine: Machine = {
      ...{ name: 'a', address: '127.0.0.1', ports, network: undefined },
      on: () => ({ command: '/bin/false', args: [] }),
    };
    const options: ClusterOptions = {
      ...{ id: 'x', password: 'x', replicationPassword: 'x', cookie: 'x', ports: {} },
      ...{ formed: false, home, machines: [machine], ourAddress: '127.0.0.1', strict: true },
      ...{ owner: ownerOf(), databaseFolder, ...said },
    };
    const starting = Promise.resolve().then(() => startPatroni(machine, options));
    await expect(starting).rejects.toThrow();
    expectUntouched(target);
    expectUntouched(victim);
  });

  test('a link in a checkpoint that is restored', async () => {
    const databaseFolder = join(folder, 'postgresql');
    const checkpoint = join(databaseFolder, 'checkpoints', '2026-01-01T00-00-00.000Z');
    mkdirSync(checkpoint, { recursive: true });
    symlinkSync(victim, join(checkpoint, 'postgresql.auto.conf'));
    for (const path of ['', 'checkpoints', 'checkpoints/2026-01-01T00-00-00.000Z']) {
      give(join(databaseFolder, path));
    }
    const folders = {
      owner: ownerOf(),
      folder: databaseFolder,
      settings: { id: 'x', password: 'x', replicationPassword: 'x', cookie: 'x', ports: {} },
    } as unknown as Parameters<typeof restoreTo>[0]['folders'];
    const to = new Date('2026-02-01T00:00:00Z');
    await expect(restoreTo({ home, folders, to, ...said })).rejects.toThrow();
    expectUntouched(victim);
  });

  test('a link with the name of the temporary file of policy-rc.d', () => {
    const link = join('/tmp', `daytrade-${process.pid}`);
    symlinkSync(victim, link);
    const path = join(home, 'policy-rc.d');
    installFile([], { path, text: '#!/bin/sh\nexit 101\n', mode: '755' });
    expectUntouched(victim);
    expect(existsSync(link)).toBe(true);
    expect(readFileSync(path, 'utf8')).toContain('exit 101');
    expect(statSync(path).mode & 0o777).toBe(0o755);
    rmSync(link);
  });
});
