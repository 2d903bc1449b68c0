// One set-up at a time in a clone. The lock is a folder, because making one is atomic.
import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const POLL_MS = 200;
const UNSIGNED_MAX_MS = 5_000;
const WAIT_MAX_MS = 10 * 60_000;

/** Runs `work` while no other process does so with this folder; waits for those that are alive. */
export async function withLock(folder, work, onWait = () => undefined) {
  mkdirSync(join(folder, '..'), { recursive: true });
  const deadline = Date.now() + WAIT_MAX_MS;
  for (let told = false; !take(folder); told = true) {
    if (Date.now() > deadline) throw new Error(`waited ten minutes for ${folder}`);
    if (!told) onWait();
    await sleep(POLL_MS);
  }
  const release = () => rmSync(folder, { recursive: true, force: true });
  process.once('exit', release);
  try {
    return await work();
  } finally {
    release();
    process.off('exit', release);
  }
}

function take(folder) {
  if (make(folder)) return true;
  if (isStale(folder)) removeStale(folder);
  return false;
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
    return pid !== '' && start !== undefined && startOf(pid) !== start;
  } catch {
    return isOld(folder);
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

/** When a process started, in ticks since boot: a process id alone may be somebody else's by now. */
function startOf(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
  } catch {
    return isAlive(pid) ? 'alive' : 'gone';
  }
}

function isAlive(pid) {
  try {
    process.kill(Number(pid), 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}
