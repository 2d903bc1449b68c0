// Runs suites in one jest process.
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setInterval } from 'node:timers';
import { endLeftBehind, withMark } from './left-behind.mjs';
import { root } from './root.mjs';

const JEST = join(root, 'node_modules/jest/bin/jest.js');
const REPORTER = join(root, 'infra/setup/test-reporter.mjs');
/**
 * The longest time that jest may take to end after its last test; a longer one means that a suite
 * left something open.
 */
const LINGER_MAX_MS = 10_000;
const POLL_MS = 250;

/**
 * The variables that are removed, because the user's own services and folders must not affect the
 * tests.
 */
const FOREIGN = /^(DATABASE_URL|AMQP_URL|AMQP_MANAGEMENT_URL|DAYTRADE_\w+|INIT_CWD)$/;

/** Returns a result for suites that could not run at all, which counts as one failure. */
export const notRun = (problem) => ({ suites: [], problems: [problem] });

/** Returns whether a test failed or something else went wrong. */
export const hasFailed = ({ suites, problems }) =>
  problems.length > 0 || suites.some(({ failed }) => failed > 0);

/**
 * Runs the files, `workers` of them in parallel. Resolves to a result for each suite (see
 * test-reporter.mjs), and to other problems.
 */
export async function runJest({ files, workers, env }, signal) {
  if (signal.aborted || files.length === 0) return { suites: [], problems: [] };
  const folder = mkdtempSync(join(tmpdir(), 'daytrade-report-'));
  const report = join(folder, 'report.json');
  const mark = join(folder, 'mark');
  const args = [
    ...['--experimental-vm-modules', '--enable-source-maps', '--no-warnings', JEST],
    ...[`--reporters=${REPORTER}`, workers === 1 ? '--runInBand' : `--maxWorkers=${workers}`],
    ...['--runTestsByPath', ...files],
  ];
  try {
    const lingered = await run(args, {
      // Marks jest's own workers too: one whose suite left something open outlives an interrupted jest.
      env: {
        ...ownEnvironment(),
        ...env,
        ...{ PATH: withMark(process.env.PATH, mark), TEST_REPORT: report, TEST_MARK: mark },
      },
      report,
      signal,
    });
    const leftBehind = await endLeftBehind(mark);
    return resultsIn(report, { lingered, leftBehind, interrupted: signal.aborted });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function ownEnvironment() {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !FOREIGN.test(name)));
}

/** Resolves to whether jest had to be killed because it did not end by itself. */
async function run(args, { env, report, signal }) {
  const child = spawn(process.execPath, args, { cwd: root, env, stdio: ['ignore', 1, 1] });
  const stop = () => child.kill('SIGTERM');
  signal.addEventListener('abort', stop, { once: true });
  let doneAt;
  let lingered = false;
  const watch = setInterval(() => {
    if (!existsSync(report)) return;
    doneAt ??= Date.now();
    lingered = Date.now() - doneAt > LINGER_MAX_MS;
    if (lingered) child.kill('SIGKILL');
  }, POLL_MS);
  await new Promise((resolve) => child.once('close', resolve));
  watch.close();
  signal.removeEventListener('abort', stop);
  return lingered;
}

function resultsIn(report, { lingered, leftBehind, interrupted }) {
  const problems = leftBehind.map((command) => `failed: left running, now killed: ${command}`);
  if (!existsSync(report)) {
    return { suites: [], problems: interrupted ? [] : [...problems, ENDED_EARLY] };
  }
  const suites = JSON.parse(readFileSync(report, 'utf8'));
  return { suites, problems: lingered ? [...problems, LINGERED] : problems };
}

const ENDED_EARLY = 'failed: jest ended before its tests did';
const LINGERED = 'failed: a suite left something open (a timer, a connection), so jest did not end';
