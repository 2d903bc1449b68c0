// `npm run tables`: sets up, then writes the parts of documents that follow from the catalogue of
// commands.
import { readOptions } from './options.mjs';
import { load } from './root.mjs';
import { setUp } from './set-up.mjs';

const HELP = `Usage: npm run tables

Writes the tables of commands into the documents, the schema of the audit log and the page of the
workloads, from the catalogue of commands (shared/domain/command-catalogue.ts).`;

readOptions(HELP);
await setUp();
await load('tests/tidy/write-command-tables.js');
