// `npm run screenshots [FOLDER]`: pictures of every page, by default below .daytrade/screenshots.
import { join } from 'node:path';
import { dist } from './root.mjs';
import { setUp } from './set-up.mjs';

await setUp();
const { provideBrowser } = await import('./test-browser.mjs');
await provideBrowser();
await import(join(dist, 'tests/browser/take-screenshots.js'));
