// `npm run gap [-- TIMES]`: sets up, then measures gaps.
import { load } from './root.mjs';
import { setUp } from './set-up.mjs';

await setUp();
process.setSourceMapsEnabled(true);
await load('tests/gap/main.js');
