// `npm run bench`: sets up, then runs the benchmarks.
import { load } from './root.mjs';
import { setUp } from './set-up.mjs';

await setUp();
process.setSourceMapsEnabled(true);
await load('tests/bench/main.js');
