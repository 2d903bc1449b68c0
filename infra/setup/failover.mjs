// `npm run failover [-- TIMES [PART-OF-A-NAME] | cost]`: sets up, then measures.
import { join } from 'node:path';
import { dist } from './root.mjs';
import { setUp } from './set-up.mjs';

await setUp();
process.setSourceMapsEnabled(true);
await import(join(dist, 'tests/replicated/measure.js'));
