// `npm run tables`: sets up, then writes the parts of documents that follow from the catalogue of
// commands.
import { load } from './root.mjs';
import { setUp } from './set-up.mjs';

await setUp();
await load('tests/tidy/write-command-tables.js');
