// Finds and ends the processes that a suite started and did not stop. Every program that the tests start
// inherits PATH, so a folder that does not exist, added to PATH, marks a suite's processes.
import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

/** A process that was just told to stop may need a moment, on a busy machine more. */
const GRACE_MS = 10_000;
/** Killed processes are gone after this, or never: a supervisor may start new ones until it is gone, too. */
const KILL_MAX_MS = 5_000;
const POLL_MS = 50;

/** The folder that marks the processes of one suite, below that of the whole run. */
export const markOf = (runMark, suite) => `${runMark}/${suite.replaceAll('/', '.')}`;

/** Adds the suite's mark to a PATH. */
export const withMark = (path, mark) => `${path}:${mark}`;

/**
 * Ends what still runs with the mark, or with a mark below it, after a moment of grace.
 * Resolves to the command lines of what it ended. Finds nothing where there is no /proc.
 */
export async function endLeftBehind(mark, graceMs = GRACE_MS) {
  const left = await waitUntilGone(mark, graceMs);
  if (left.length > 0) {
    await waitUntilGone(mark, KILL_MAX_MS, (found) => found.forEach(({ pid }) => kill(pid)));
  }
  return left.map(({ command }) => command);
}

/** Resolves to what still runs once nothing does, or once the time is over. */
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

/** The folders of the PATH that a process was started with; none if it has ended. */
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
    // It has ended meanwhile.
  }
}
