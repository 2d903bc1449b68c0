// Runs some suites in one jest.
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setInterval } from 'node:timers';
import { root } from './root.mjs';

const JEST = join(root, 'node_modules/jest/bin/jest.js');
const REPORTER = join(root, 'infra/setup/test-reporter.mjs');
/** After its last test jest ends within this, or something was left open. */
const LINGER_MAX_MS = 10_000;
const LOOK_MS = 250;

/** What the user's shell says of services and folders must not decide where tests work. */
const FOREIGN = /^(DATABASE_URL|AMQP_URL|AMQP_MANAGEMENT_URL|DAYTRADE_\w+|INIT_CWD)$/;

const NOTHING = { passed: 0, failed: 0, skipped: 0, skippedNames: [], problems: [] };

/** Suites that could not run at all count as one failure. */
export const notRun = (problem) => ({ ...NOTHING, failed: 1, problems: [problem] });

/** Runs the files; resolves to the counts, the names of skipped tests, and what else went wrong. */
export async function runJest({ files, jestOptions, env }, signal) {
  if (signal.aborted) return NOTHING;
  const folder = mkdtempSync(join(tmpdir(), 'daytrade-report-'));
  const report = join(folder, 'report.json');
  const args = [
    ...['--experimental-vm-modules', '--enable-source-maps', '--no-warnings', JEST],
    ...[`--reporters=${REPORTER}`, ...jestOptions, '--runTestsByPath', ...files],
  ];
  try {
    const lingered = await run(args, {
      env: { ...ownEnvironment(), ...env, TEST_REPORT: report },
      report,
      signal,
    });
    return resultsIn(report, { lingered, interrupted: signal.aborted });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function ownEnvironment() {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !FOREIGN.test(name)));
}

/** Resolves to whether jest had to be ended because it did not end by itself. */
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
  }, LOOK_MS);
  await new Promise((resolve) => child.once('close', resolve));
  watch.close();
  signal.removeEventListener('abort', stop);
  return lingered;
}

function resultsIn(report, { lingered, interrupted }) {
  if (!existsSync(report)) {
    return interrupted ? NOTHING : notRun('failed: jest ended before its tests did');
  }
  const results = JSON.parse(readFileSync(report, 'utf8'));
  const problems = lingered
    ? ['failed: a suite left something open (a timer, a connection), so that jest did not end']
    : [];
  return {
    ...results,
    failed: results.failed + problems.length,
    skipped: results.skippedNames.length,
    problems,
  };
}
