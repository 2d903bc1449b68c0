// `npm run screenshots [FOLDER]` and `npm run screenshots:management [FOLDER]`: takes pictures of
// the real pages with the named program of tests/browser.
import { load } from './root.mjs';
import { setUp } from './set-up.mjs';

const [program] = process.argv.splice(2, 1);
await setUp();
await load(`tests/browser/${program}.js`);
