// One set-up at a time in a clone. The lock is a folder, because making one is atomic.
import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const POLL_MS = 200;
const UNSIGNED_MAX_MS = 5_000;
const WAIT_MAX_MS = 10 * 60_000;

/** Runs `work` while no other process does so with this folder; waits for those that are alive. */
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

/** Takes the lock if nobody alive has it, and gives what releases it; the end of the process does too. */
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

/** Of several that find it stale, one at a time looks again and removes: never a lock made since. */
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
    // A power cut may leave a file that is there and empty.
    if (pid === '' || start === undefined) return isOld(folder);
    return !isSameStart(start, startOf(pid));
  } catch {
    return isOld(folder);
  }
}

/** The process that has the lock; undefined where nobody alive has it. */
export function holderOf(folder) {
  try {
    const [pid, start] = readFileSync(join(folder, 'owner'), 'utf8').split(' ');
    return start !== undefined && isSameStart(start, startOf(pid)) ? Number(pid) : undefined;
  } catch {
    return undefined;
  }
}

/** A lock whose owner was killed before it signed. */
function isOld(folder) {
  try {
    return Date.now() - statSync(folder).mtimeMs > UNSIGNED_MAX_MS;
  } catch {
    return false;
  }
}

/**
 * When a process started, in ticks since a boot, and which boot: a process id alone may be somebody else's by
 * now, and after a power cut the same programs start at the same ticks.
 */
export function startOf(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const [state, ...fields] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    // One that has ended and was not yet waited for.
    if (state === 'Z') return 'gone';
    return `${fields[18]}@${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()}`;
  } catch {
    return isAlive(pid) ? 'alive' : 'gone';
  }
}

/** A start that an earlier version stored has no boot. */
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
