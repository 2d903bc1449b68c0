// Tells jest's progress: a line for each suite as it ends, and why a test failed. At the end it
// writes the counts to the file that TEST_REPORT names.
import { writeFileSync } from 'node:fs';
import { nameOf } from './test-suites.mjs';

export default class Reporter {
  onTestResult({ path }, result, { numTotalTestSuites, ...totals }) {
    const { numPassingTests, numFailingTests, numPendingTests, numTodoTests, perfStats } = result;
    const isBad = numFailingTests > 0 || result.testExecError !== undefined;
    const done = totals.numPassedTestSuites + totals.numFailedTestSuites;
    const counts = [
      `${numPassingTests} passed`,
      ...(numFailingTests > 0 ? [`${numFailingTests} failed`] : []),
      ...(numPendingTests + numTodoTests > 0 ? [`${numPendingTests + numTodoTests} skipped`] : []),
    ].join(', ');
    const seconds = ((perfStats.end - perfStats.start) / 1_000).toFixed(1);
    const place = `[${done + totals.numPendingTestSuites}/${numTotalTestSuites}]`;
    tell(`${isBad ? 'FAIL' : 'ok  '} ${place} ${nameOf(path)}: ${counts}, ${seconds} s`);
    if (!isBad) return;
    for (const { type, message } of result.console ?? []) tell(`  ${type}: ${message}`);
    if (result.failureMessage) tell(result.failureMessage);
  }

  onRunComplete(_contexts, results) {
    const tests = results.testResults.flatMap((suite) => suite.testResults);
    const isSkipped = ({ status }) => status === 'pending' || status === 'todo';
    const counts = {
      passed: results.numPassedTests,
      failed: results.numFailedTests + results.numRuntimeErrorTestSuites,
      skippedNames: tests.filter(isSkipped).map(({ fullName }) => fullName),
    };
    writeFileSync(process.env.TEST_REPORT, JSON.stringify(counts));
  }
}

const tell = (text) => void process.stderr.write(`${text}\n`);
