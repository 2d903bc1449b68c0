/** The build that the launcher runs programs from; tests themselves run from dist. */
import { join } from 'node:path';
import { packageRoot } from '../../shared/runtime/package-root.ts';

type KeepBuild = { readonly keptBuild: (root: string) => string | undefined };

const { keptBuild } = (await import(join(packageRoot, 'infra/setup/keep-build.mjs'))) as KeepBuild;

/** As `buildRoot` is for a program that runs from there. */
export const testBuild: string = keptBuild(packageRoot) ?? join(packageRoot, 'dist');
