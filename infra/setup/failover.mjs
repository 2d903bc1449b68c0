// `npm run failover [-- TIMES [PART-OF-A-NAME] | cost]`: sets up, then measures failovers.
import { load } from './root.mjs';
import { setUp } from './set-up.mjs';

await setUp();
process.setSourceMapsEnabled(true);
await load('tests/replicated/measure.js');
