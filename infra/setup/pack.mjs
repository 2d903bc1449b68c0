// Runs before `npm pack`: puts a bundled build into `build`, which the package contains instead of the sources.
import { cpSync, rmSync } from 'node:fs';
import { keptBuild } from './build-state.mjs';
import { readOptions } from './options.mjs';
import { prepare } from './prepare.mjs';
import { packedBuild, root } from './root.mjs';

readOptions('Usage: npm run prepack\n\nMakes the build that `npm pack` puts into the package.');
await prepare();
rmSync(packedBuild, { recursive: true, force: true });
cpSync(keptBuild(root), packedBuild, { recursive: true });
