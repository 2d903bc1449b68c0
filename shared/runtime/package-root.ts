/**
 * The folders of the package and of the running build. Files that are not compiled are read from the
 * package. In every build this module is two folders below the build (infra/setup/bundle-programs.mjs).
 */
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * The folder of the build that this process runs: a kept build, which later builds do not change, or
 * `dist` if the program was started from there.
 */
export const buildRoot: string = fileURLToPath(new URL('../../', import.meta.url));

export const packageRoot: string = fileURLToPath(new URL('../../../', import.meta.url));

/** Whether the package is a clone of the repository; otherwise npm has installed it, without a lock file. */
export const isClone: boolean = existsSync(join(packageRoot, 'package-lock.json'));

/** The default data folder. That of an installed package is outside it, so that an upgrade keeps the data. */
export const defaultHome: string = join(isClone ? packageRoot : homedir(), '.daytrade');
