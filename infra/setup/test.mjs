// `npm test [PATTERN …]`: sets up, runs the tests and closes with a count. Those that need no
// services come first, side by side; then the others one after another, on one private PostgreSQL
// and one private RabbitMQ. `--unit` leaves those out.
import { nameOf, selectSuites } from './test-suites.mjs';
import { notRun, runJest } from './test-run.mjs';
import { setUp } from './set-up.mjs';

const WORKERS = 2;

await setUp();
const options = process.argv.slice(2);
const patterns = options.filter((option) => option !== '--unit');
const { alone, served } = selectSuites(patterns);
const results = [];
const interrupt = new AbortController();
const onSignal = () => interrupt.abort();
process.on('SIGINT', onSignal).on('SIGTERM', onSignal).on('SIGHUP', onSignal);

if (alone.length > 0) {
  const suites = { files: alone, jestOptions: [`--maxWorkers=${WORKERS}`], env: {} };
  results.push(await runJest(suites, interrupt.signal));
}
if (served.length > 0 && !options.includes('--unit') && !interrupt.signal.aborted) {
  results.push(await runServed());
}
process.exitCode = close();

async function runServed() {
  if (served.some((path) => nameOf(path).startsWith('tests/browser/'))) {
    const { provideBrowser } = await import('./test-browser.mjs');
    await provideBrowser();
  }
  const { withTestServices } = await import('./test-services.mjs');
  try {
    return await withTestServices((env) =>
      runJest({ files: served, jestOptions: ['--runInBand'], env }, interrupt.signal),
    );
  } catch (error) {
    return notRun(error.lines?.join('\n') ?? error.stack);
  }
}

/** Prints what was skipped and the count; gives the exit code. */
function close() {
  const sum = (field) => results.reduce((total, result) => total + result[field], 0);
  const [passed, failed, skipped] = [sum('passed'), sum('failed'), sum('skipped')];
  for (const name of results.flatMap((result) => result.skippedNames)) {
    console.log(`skipped: ${name}`);
  }
  for (const problem of results.flatMap((result) => result.problems)) console.log(problem);
  if (interrupt.signal.aborted) console.log('Interrupted.');
  console.log(`Tests: ${passed} passed, ${failed} failed, ${skipped} skipped`);
  if (interrupt.signal.aborted) return 130;
  return failed > 0 || passed === 0 ? 1 : 0;
}
