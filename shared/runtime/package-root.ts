/**
 * Where the package is, as seen from a build in it: files that are not compiled are read from there.
 * In every build this module is two folders below the build (infra/setup/bundle-programs.mjs).
 */
import { fileURLToPath } from 'node:url';

/**
 * The build that this process runs: a kept one, which later builds leave alone, or `dist` itself where a
 * program was started from there.
 */
export const buildRoot: string = fileURLToPath(new URL('../../', import.meta.url));

export const packageRoot: string = fileURLToPath(new URL('../../../', import.meta.url));
