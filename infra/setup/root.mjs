// Where the package is, wherever it was called from.
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../../', import.meta.url));
export const dist = join(root, 'dist');
export const main = join(dist, 'infra/cli/main.js');
