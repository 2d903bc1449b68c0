// Prints the end of a test run: the time of each layer, the skipped tests, and the count.

/** Prints the closing lines of the runs; returns the exit code. */
export function closeRuns(runs, { startedAt, interrupted }) {
  const suites = runs.flatMap((run) => run.suites);
  const problems = runs.flatMap((run) => run.problems);
  const sum = (count) => suites.reduce((total, suite) => total + count(suite), 0);
  const passed = sum((suite) => suite.passed);
  const failed = sum((suite) => suite.failed) + problems.length;
  const skipped = sum((suite) => suite.skipped.length);
  console.log(timesOf(suites, (Date.now() - startedAt) / 1_000));
  for (const suite of suites.filter((each) => each.skipped.length > 0)) {
    console.log(`skipped in ${suite.name}: ${groupsOf(suite.skipped)}`);
  }
  const bad = suites.filter((suite) => suite.failed > 0);
  if (bad.length > 0) console.log(`failed: ${bad.map(({ name }) => name).join(', ')}`);
  for (const problem of problems) console.log(problem);
  if (interrupted) console.log('Interrupted.');
  console.log(`Tests: ${passed} passed, ${failed} failed, ${skipped} skipped`);
  if (interrupted) return 130;
  return failed > 0 || passed === 0 ? 1 : 0;
}

/**
 * Sums the seconds of each layer's suites. Because suites run in parallel, the sums exceed the
 * elapsed time.
 */
function timesOf(suites, seconds) {
  const layers = new Map();
  for (const { name, seconds: each } of suites) {
    const layer = name.split('/')[1];
    layers.set(layer, (layers.get(layer) ?? 0) + each);
  }
  const parts = [...layers].map(([layer, total]) => `${layer} ${total.toFixed(0)} s`);
  const minutes = `${Math.floor(seconds / 60)} min ${Math.floor(seconds % 60)} s`;
  return `Time: ${minutes}. Suites, summed by layer: ${parts.join(', ')}`;
}

/** Returns the number of skipped tests and their names. */
const groupsOf = (names) => `${names.length} (${names.join('; ')})`;
