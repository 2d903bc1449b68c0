// The folders of the package, independent of the working directory.
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

export const root = fileURLToPath(new URL('../../', import.meta.url));
export const dist = join(root, 'dist');
/** The build that an installed package has instead of the sources; `npm pack` makes it. */
export const packedBuild = join(root, 'build');

/** Returns the main program of a build. */
export const mainIn = (build) => join(build, 'infra/cli/main.js');
export const main = mainIn(dist);

/**
 * Imports a compiled module. Converts its path to a URL, because `#`, `?` and `%` have a meaning in
 * URLs.
 */
export const load = (path) => import(pathToFileURL(join(dist, path)).href);

/** The native compiler, which is three times as fast; the linter still needs `typescript` 6. */
export const tsc = join(root, 'node_modules/@typescript/native/bin/tsc');
