// Where the package is, wherever it was called from.
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

export const root = fileURLToPath(new URL('../../', import.meta.url));
export const dist = join(root, 'dist');

/** The main program in a build. */
export const mainIn = (build) => join(build, 'infra/cli/main.js');
export const main = mainIn(dist);

/** Imports a compiled module. A path alone would be read as a URL: `#`, `?` and `%` mean something there. */
export const load = (path) => import(pathToFileURL(join(dist, path)).href);

/** The compiler in Go, three times as fast; the linter still needs `typescript` 6 beside it. */
export const tsc = join(root, 'node_modules/@typescript/native/bin/tsc');
