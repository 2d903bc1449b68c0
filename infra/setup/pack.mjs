// Runs before `npm pack`: puts a bundled build into `build`, which the package contains instead of the sources.
import { cpSync, rmSync } from 'node:fs';
import { keptBuild } from './build-state.mjs';
import { prepare } from './prepare.mjs';
import { packedBuild, root } from './root.mjs';

await prepare();
rmSync(packedBuild, { recursive: true, force: true });
cpSync(keptBuild(root), packedBuild, { recursive: true });
