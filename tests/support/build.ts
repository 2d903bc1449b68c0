/** The build that the launcher runs programs from; tests themselves run from dist. */
import { join } from 'node:path';
import { packageRoot } from '../../shared/runtime/package-root.ts';

type BuildState = { readonly keptBuild: (root: string) => string | undefined };

const { keptBuild } = (await import(
  join(packageRoot, 'infra/setup/build-state.mjs')
)) as BuildState;

/** The folder of the kept build, or `dist` if no build is kept. */
export const testBuild: string = keptBuild(packageRoot) ?? join(packageRoot, 'dist');
