#!/usr/bin/env -S node --max-semi-space-size=4
// The command `daytrade`. Installs and builds what is missing in the clone, then runs the command
// line in this same process, so that signals and exit codes are its own. The young generation is
// limited to 4 MiB a semi-space, as in the system's processes; the default of 16 would be a third
// of all memory. `npm run` and `npx` change to the package's root; INIT_CWD holds the user's
// folder.
const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  console.error(`daytrade needs Node 20.19 or later; this is Node ${process.versions.node}.`);
  console.error('It was probably started with the Node of the system, which may be older.');
  console.error('Install Node 20 (for example from nodejs.org), see `node --version`, try again.');
  process.exit(78);
}

const { setUp } = await import('./set-up.mjs');
const { pathToFileURL } = await import('node:url');
const main = await setUp();
process.argv = [process.argv[0], main, ...process.argv.slice(2)];
process.setSourceMapsEnabled(true);
await import(pathToFileURL(main).href);
