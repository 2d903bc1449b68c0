/** Where the package is, as seen from dist: files that are not compiled are read from there. */
import { fileURLToPath } from 'node:url';

export const packageRoot: string = fileURLToPath(new URL('../../../', import.meta.url));
