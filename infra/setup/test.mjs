// `npm test`: sets up, runs every test (`--unit`: those without services), and closes with a count.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from './root.mjs';
import { setUp } from './set-up.mjs';

const JEST = join(root, 'node_modules/jest/bin/jest.js');
const UNIT_FOLDERS = ['tests/unit/', 'tests/property/', 'tests/tidy/', 'tests/simulation/'];

await setUp();
const options = process.argv.slice(2);
const patterns = options.includes('--unit') ? UNIT_FOLDERS : options;
const folder = mkdtempSync(join(tmpdir(), 'daytrade-test-'));
const report = join(folder, 'report.json');
const { status } = spawnSync(
  process.execPath,
  [
    '--experimental-vm-modules',
    '--enable-source-maps',
    '--no-warnings',
    JEST,
    '--json',
    `--outputFile=${report}`,
    '--runInBand',
    ...patterns,
  ],
  { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] },
);
const results = JSON.parse(readFileSync(report, 'utf8'));
rmSync(folder, { recursive: true });

const tests = results.testResults.flatMap((suite) => suite.assertionResults);
for (const test of tests.filter((each) => each.status === 'pending')) {
  console.log(`skipped: ${test.fullName}`);
}
const { numPassedTests: passed, numFailedTests: failed } = results;
const brokenSuites = results.numRuntimeErrorTestSuites;
const skipped = results.numPendingTests;
console.log(`Tests: ${passed} passed, ${failed + brokenSuites} failed, ${skipped} skipped`);
process.exit(status !== 0 || passed === 0 ? 1 : 0);
