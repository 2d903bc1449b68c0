// Runs suites for `npm test` and `npm run drill`: with services if they need any, until Ctrl-C, and
// with a closing count.
import { availableParallelism } from 'node:os';
import { closeRuns } from './test-close.mjs';
import { notRun, runJest } from './test-run.mjs';

/**
 * One more than the machine has cores, because a suite often waits, for a process to start or a
 * time limit to pass.
 */
const WORKERS = Math.max(2, availableParallelism()) + 1;

/**
 * Runs the suites of `sideBySide` in parallel, then those of `alone` one by one; prints the closing
 * lines and sets the exit code. `env` is added to the suites' environment.
 */
export async function runSuites(selected, { startedAt, env = {} }) {
  const interrupt = new AbortController();
  const onSignal = () => interrupt.abort();
  process.on('SIGINT', onSignal).on('SIGTERM', onSignal).on('SIGHUP', onSignal);

  const runAll = async (services) => {
    const environment = { ...services, ...env };
    const { sideBySide, alone } = selected;
    return [
      await runJest({ files: sideBySide, workers: WORKERS, env: environment }, interrupt.signal),
      await runJest({ files: alone, workers: 1, env: environment }, interrupt.signal),
    ];
  };
  const runs = selected.needsServices ? await withServices(selected, runAll) : await runAll({});
  process.exitCode = closeRuns(runs, { startedAt, interrupted: interrupt.signal.aborted });
}

async function withServices({ needsBrowser }, runAll) {
  if (needsBrowser) {
    const { provideBrowser } = await import('./test-browser.mjs');
    await provideBrowser();
  }
  const { withTestServices } = await import('./test-services.mjs');
  try {
    return await withTestServices(runAll);
  } catch (error) {
    return [notRun(error.lines?.join('\n') ?? error.stack)];
  }
}
