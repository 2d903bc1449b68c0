// Finds and kills the processes that a suite started and did not stop. Every program that the tests
// start inherits PATH, so a nonexistent folder in PATH marks a suite's processes.
import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

/** How long a process that is stopping may take, even on a busy machine. */
const GRACE_MS = 10_000;
/**
 * Killed processes are gone by then, or never. A supervisor may start new ones until it is gone
 * itself.
 */
const KILL_MAX_MS = 5_000;
const POLL_MS = 50;

/** Returns the folder that marks the processes of one suite, below the folder of the whole run. */
export const markOf = (runMark, suite) => `${runMark}/${suite.replaceAll('/', '.')}`;

/** Returns a PATH with the suite's mark. */
export const withMark = (path, mark) => `${path}:${mark}`;

/**
 * Kills the processes with this mark, or a mark below it, that still run after `graceMs`. Resolves
 * to their command lines; finds none without /proc.
 */
export async function endLeftBehind(mark, graceMs = GRACE_MS) {
  const left = await waitUntilGone(mark, graceMs);
  if (left.length > 0) {
    await waitUntilGone(mark, KILL_MAX_MS, (found) => found.forEach(({ pid }) => kill(pid)));
  }
  return left.map(({ command }) => command);
}

/** Waits until no such process runs, at most `longestMs`; resolves to those that still do. */
async function waitUntilGone(mark, longestMs, onFound = () => undefined) {
  const deadline = Date.now() + longestMs;
  for (;;) {
    const found = findMarked(mark);
    if (found.length === 0 || Date.now() > deadline) return found;
    onFound(found);
    await sleep(POLL_MS);
  }
}

function findMarked(mark) {
  return processIds().flatMap((pid) => {
    const folders = pathOf(pid);
    const isMarked = folders.some((folder) => folder === mark || folder.startsWith(`${mark}/`));
    return isMarked && pid !== process.pid ? [{ pid, command: commandOf(pid) }] : [];
  });
}

function processIds() {
  try {
    return readdirSync('/proc').map(Number).filter(Number.isInteger);
  } catch {
    return [];
  }
}

/** Returns the folders of the PATH that a process was started with; none if it has ended. */
function pathOf(pid) {
  const path = read(`/proc/${pid}/environ`).find((variable) => variable.startsWith('PATH='));
  return path === undefined ? [] : path.slice('PATH='.length).split(':');
}

const commandOf = (pid) => read(`/proc/${pid}/cmdline`).join(' ').trim().slice(0, 200);

function read(file) {
  try {
    return readFileSync(file, 'latin1').split('\0');
  } catch {
    return [];
  }
}

function kill(pid) {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // Ignores a process that has ended meanwhile.
  }
}
