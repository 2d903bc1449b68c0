// `npm test [-- PATTERN …]`: sets up, runs the tests, and prints a count. Suites run in parallel on
// one private PostgreSQL and one private RabbitMQ; those with `@runs-alone` follow one by one.
// `--unit` runs only the layers that need no services and take seconds.
import { readOptions } from './options.mjs';
import { runSuites } from './run-suites.mjs';
import { setUp } from './set-up.mjs';
import { selectSuites } from './test-suites.mjs';

const HELP = `Usage: npm test -- [--unit] [PATTERN ...]

Runs every test, or the suites whose path holds one of the patterns (integration/audit).
  --unit   only the layers that need no services and take seconds`;

const startedAt = Date.now();
const { unit, positionals } = readOptions(HELP, {
  options: { unit: { type: 'boolean' } },
  allowPositionals: true,
});
await setUp();
await runSuites(selectSuites(positionals, { unitOnly: unit === true }), { startedAt });
