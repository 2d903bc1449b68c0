// Prints jest's progress: a line for each suite as it ends, and why a test failed. Kills the
// processes that a suite left running, which fails the suite. Writes the results to the file named
// by TEST_REPORT.
import { writeFileSync } from 'node:fs';
import { endLeftBehind, markOf } from './left-behind.mjs';
import { nameOf } from './test-suites.mjs';

export default class Reporter {
  #suites = [];

  async onTestResult({ path }, result, { numTotalTestSuites }) {
    const name = nameOf(path);
    const leftBehind = await endLeftBehind(markOf(process.env.TEST_MARK, name));
    const suite = {
      name,
      seconds: (result.perfStats.end - result.perfStats.start) / 1_000,
      passed: result.numPassingTests,
      failed:
        result.numFailingTests +
        Number(result.testExecError !== undefined && result.numFailingTests === 0) +
        leftBehind.length,
      skipped: namesOf(result.testResults, ['pending', 'todo']),
    };
    this.#suites.push(suite);
    print(
      `${suite.failed > 0 ? 'FAIL' : 'ok  '} ${this.#place(numTotalTestSuites)} ${summaryOf(suite)}`,
    );
    for (const command of leftBehind) print(`  left running, now killed: ${command}`);
    if (suite.failed === 0) return;
    for (const { type, message } of result.console ?? []) print(`  ${type}: ${message}`);
    if (result.failureMessage) print(result.failureMessage);
  }

  onRunComplete() {
    writeFileSync(process.env.TEST_REPORT, JSON.stringify(this.#suites));
  }

  #place(total) {
    return `[${this.#suites.length}/${total}]`;
  }
}

const namesOf = (tests, statuses) =>
  tests.filter(({ status }) => statuses.includes(status)).map(({ fullName }) => fullName);

function summaryOf({ name, seconds, passed, failed, skipped }) {
  const counts = [
    `${passed} passed`,
    ...(failed > 0 ? [`${failed} failed`] : []),
    ...(skipped.length > 0 ? [`${skipped.length} skipped`] : []),
  ];
  return `${name}: ${counts.join(', ')}, ${seconds.toFixed(1)} s`;
}

const print = (text) => void process.stderr.write(`${text}\n`);
