/** Another commit of this repository, checked out and built beside this tree. */
import { execFile } from 'node:child_process';
import { cpSync, existsSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { packageRoot } from '../../shared/runtime/package-root.ts';
import { CodedError, UsageError } from '../../shared/runtime/errors.ts';

const OUTPUT_MAX_BYTES = 64 * 2 ** 20;
/** The programs that measure: both sides are measured by those of this tree. */
const MEASURING = ['infra/capacity', 'tests/bench'];
const COMPILER = join(packageRoot, 'node_modules/@typescript/native/bin/tsc');

const execute = promisify(execFile);

async function git(...args: string[]): Promise<string> {
  const { stdout } = await execute('git', ['-C', packageRoot, ...args]);
  return stdout.trim();
}

/** Returns the id of a commit. Rejects with a `UsageError` if there is none of that name. */
export async function resolveCommit(ref: string): Promise<string> {
  await git('rev-parse', '--git-dir').catch((cause: unknown) => {
    throw new UsageError(
      `--compare needs git and a clone: ${packageRoot} is none, or git does not run.`,
      { cause },
    );
  });
  const name = `${ref}^{commit}`;
  return await git('rev-parse', '--verify', '--quiet', '--end-of-options', name).catch(
    (cause: unknown) => {
      throw new UsageError(
        `--compare ${ref}: this clone has no commit of that name.\n\`git log --oneline\` lists commits; \`git fetch\` gets new ones.`,
        { cause },
      );
    },
  );
}

/** Names the state of this tree: its commit, and whether it has changes. */
export async function nameOfThisTree(): Promise<string> {
  const commit = await git('rev-parse', '--short', 'HEAD');
  const changes = await git('status', '--porcelain');
  return `this tree (${commit}${changes === '' ? '' : ' with uncommitted changes'})`;
}

export const shortNameOf = async (ref: string, commit: string): Promise<string> => {
  const short = await git('rev-parse', '--short', commit);
  return commit.startsWith(ref) ? short : `${ref} (${short})`;
};

/**
 * Checks a commit out into the folder and builds its system, measured by this tree's programs.
 * Resolves to the folder of the build.
 */
export async function buildCommit(
  commit: string,
  folder: string,
  { signal, say }: { readonly signal: AbortSignal; readonly say: (line: string) => void },
): Promise<string> {
  await git('worktree', 'add', '--detach', '--force', folder, commit);
  signal.throwIfAborted();
  const run = async (what: string, ...args: string[]): Promise<void> => {
    await execute(process.execPath, args, {
      ...{ cwd: folder, signal, maxBuffer: OUTPUT_MAX_BYTES },
    }).catch((cause: unknown) => {
      signal.throwIfAborted();
      const { stdout = '', stderr = '' } = cause as { stdout?: string; stderr?: string };
      throw new CodedError('set-up-failed', `${stdout}${stderr}\n${what}`, { cause });
    });
  };
  if (lockOf(folder) === lockOf(packageRoot)) {
    symlinkSync(join(packageRoot, 'node_modules'), join(folder, 'node_modules'));
  } else {
    say('Installing its packages …');
    const script = `import { install } from './infra/setup/install.mjs'; await install();`;
    await run(
      'Its packages could not be installed (see above).',
      ...['--input-type=module', '-e', script],
    );
  }
  for (const part of MEASURING) {
    rmSync(join(folder, part), { recursive: true, force: true });
    cpSync(join(packageRoot, part), join(folder, part), { recursive: true });
  }
  say('Building it …');
  // Types are not checked: its own tests need not fit this tree's programs.
  await run('It could not be compiled (see above).', COMPILER, '--noCheck');
  return join(folder, 'dist');
}

/** Removes the checkout, also one that was left by a killed run. */
export async function removeCheckout(folder: string): Promise<void> {
  if (existsSync(folder)) {
    await git('worktree', 'remove', '--force', '--force', folder).catch(() => undefined);
  }
  rmSync(folder, { recursive: true, force: true });
  await git('worktree', 'prune').catch(() => undefined);
}

const lockOf = (folder: string): string => readFileSync(join(folder, 'package-lock.json'), 'utf8');
