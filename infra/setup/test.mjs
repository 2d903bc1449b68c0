// `npm test [-- PATTERN …]`: sets up, runs the tests and closes with a count. Suites run side by side, on
// one private PostgreSQL and one private RabbitMQ; those that say `@runs-alone` follow one by one.
// `--unit` runs only the layers that need no services and take seconds.
import { runSuites } from './run-suites.mjs';
import { setUp } from './set-up.mjs';
import { selectSuites } from './test-suites.mjs';

const startedAt = Date.now();
await setUp();
const options = process.argv.slice(2);
const patterns = options.filter((option) => option !== '--unit');
await runSuites(selectSuites(patterns, { unitOnly: options.includes('--unit') }), { startedAt });
