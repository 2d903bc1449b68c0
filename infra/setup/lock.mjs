// A lock between processes: one set-up per clone, one system per data folder. The lock is a folder,
// because making one is atomic.
import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const POLL_MS = 200;
const UNSIGNED_MAX_MS = 5_000;
const WAIT_MAX_MS = 10 * 60_000;

/**
 * Runs `work` while holding the lock. Waits up to ten minutes for a live process that holds it, and
 * calls `onWait` once.
 */
export async function withLock(folder, work, onWait = () => undefined) {
  const deadline = Date.now() + WAIT_MAX_MS;
  let release = tryLock(folder);
  for (let told = false; release === undefined; told = true) {
    if (Date.now() > deadline) throw new Error(`waited ten minutes for ${folder}`);
    if (!told) onWait();
    await sleep(POLL_MS);
    release = tryLock(folder);
  }
  try {
    return await work();
  } finally {
    release();
  }
}

/**
 * Takes the lock unless a live process holds it, and returns the function that releases it. The end
 * of the process releases it, too.
 */
export function tryLock(folder) {
  mkdirSync(join(folder, '..'), { recursive: true });
  if (!take(folder)) return undefined;
  const release = () => {
    rmSync(folder, { recursive: true, force: true });
    process.off('exit', release);
  };
  process.once('exit', release);
  return release;
}

function take(folder) {
  if (make(folder)) return true;
  if (!isStale(folder)) return false;
  removeStale(folder);
  return make(folder);
}

/**
 * Removes a stale lock. If several processes find it stale, `.breaking` admits one at a time, which
 * checks again, so that none removes a lock taken since.
 */
function removeStale(folder) {
  const breaking = `${folder}.breaking`;
  if (isOld(breaking)) rmSync(breaking, { recursive: true, force: true });
  if (!make(breaking)) return;
  if (isStale(folder)) rmSync(folder, { recursive: true, force: true });
  rmSync(breaking, { recursive: true, force: true });
}

function make(folder) {
  try {
    mkdirSync(folder);
  } catch (error) {
    if (error.code === 'EEXIST') return false;
    throw error;
  }
  writeFileSync(join(folder, 'owner'), `${process.pid} ${startOf(process.pid)}`);
  return true;
}

function isStale(folder) {
  try {
    const [pid, start] = readFileSync(join(folder, 'owner'), 'utf8').split(' ');
    // A power cut may leave an empty file.
    if (pid === '' || start === undefined) return isOld(folder);
    return !isSameStart(start, startOf(pid));
  } catch {
    return isOld(folder);
  }
}

/** Returns the id of the process that holds the lock; undefined if no live process does. */
export function holderOf(folder) {
  try {
    const [pid, start] = readFileSync(join(folder, 'owner'), 'utf8').split(' ');
    return start !== undefined && isSameStart(start, startOf(pid)) ? Number(pid) : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Returns whether the folder is old enough for a lock whose owner was killed before it wrote the
 * file `owner`.
 */
function isOld(folder) {
  try {
    return Date.now() - statSync(folder).mtimeMs > UNSIGNED_MAX_MS;
  } catch {
    return false;
  }
}

/**
 * Returns the start of a process, in clock ticks since the boot, with the id of that boot. The
 * process id alone may belong to another process by now, and after a power cut the same programs
 * start at the same ticks.
 */
export function startOf(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const [state, ...fields] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    // A zombie.
    if (state === 'Z') return 'gone';
    return `${fields[18]}@${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()}`;
  } catch {
    return isAlive(pid) ? 'alive' : 'gone';
  }
}

/** Returns whether two starts are the same. Earlier versions stored a start without its boot. */
export const isSameStart = (stored, now) =>
  now !== 'gone' && (stored.includes('@') ? stored === now : stored === now.split('@')[0]);

function isAlive(pid) {
  try {
    process.kill(Number(pid), 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}
