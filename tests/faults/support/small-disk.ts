/** A disk for a private database that a test can fill: a tmpfs, which only root may mount. */
import { execFileSync } from 'node:child_process';
import {
  chownSync,
  closeSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  rmdirSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { ownerOf, ROOT_FOLDER } from '../../../infra/services/private/postgres-data.ts';
import { writeSettings } from '../../../infra/host/settings.ts';

/** Room for a new cluster, the write-ahead log of a suite, and little more. */
const SIZE = '480m';
const CHUNK = Buffer.alloc(1_048_576);

export type SmallDisk = {
  readonly fill: () => void;
  readonly free: () => void;
  readonly unmount: () => void;
};

const mount = (folder: string): void =>
  void execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${SIZE},mode=755`, 'tmpfs', folder], {
    stdio: 'pipe',
  });
const unmount = (folder: string): void => {
  execFileSync('umount', [folder]);
  rmdirSync(folder);
};

/** In a container, root may not be allowed to mount. */
export function canMount(): boolean {
  if (process.getuid?.() !== 0) return false;
  const folder = mkdtempSync(join(tmpdir(), 'daytrade-mount-'));
  try {
    mount(folder);
  } catch {
    rmdirSync(folder);
    return false;
  }
  unmount(folder);
  return true;
}

/** Puts the private database of a new data folder on such a disk. */
export function mountSmallDisk(home: string): SmallDisk {
  const id = basename(home);
  const folder = join(ROOT_FOLDER, id);
  mkdirSync(folder, { recursive: true });
  mount(folder);
  const { uid, gid } = ownerOf();
  if (uid !== undefined && gid !== undefined) chownSync(folder, uid, gid);
  writeSettings(join(home, 'postgresql.json'), { id });
  const filler = join(folder, 'filler');
  return {
    fill: () => fill(filler),
    free: () => rmSync(filler),
    unmount: () => unmount(folder),
  };
}

/** Writes until no page is left. */
function fill(file: string): void {
  const descriptor = openSync(file, 'w');
  try {
    for (let size = CHUNK.length; size >= 1; size = size > 4_096 ? size / 16 : 0) {
      while (isWritten(descriptor, size));
    }
  } finally {
    closeSync(descriptor);
  }
}

function isWritten(descriptor: number, size: number): boolean {
  try {
    return writeSync(descriptor, CHUNK, 0, size) === size;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOSPC') return false;
    throw error;
  }
}
