/** Runs a part of a measurement in a process of its own, so that its CPU time and memory are its own. */
import { fork, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { NODE_FLAGS } from '../supervisor/child.ts';
import { buildRoot } from '../../shared/runtime/package-root.ts';

type RunningTool<Result> = {
  readonly pid: number | undefined;
  readonly result: Promise<Result>;
  /** Asks it to end; resolves when it has. */
  readonly end: () => Promise<void>;
};

const END_MAX_MS = 15_000;

/**
 * Starts a program, such as `infra/capacity/run-tool`, with its input. The program answers once, by
 * a message. It is of this build unless the folder of another one is given.
 */
export function startTool<Result>(
  name: string,
  input: object,
  build: string = buildRoot,
): RunningTool<Result> {
  const main = join(build, `${name}.js`);
  const child = fork(main, [], { execArgv: NODE_FLAGS, serialization: 'advanced' });
  child.send({ input });
  return { pid: child.pid, result: resultOf<Result>(name, child), end: () => end(child) };
}

function resultOf<Result>(name: string, child: ChildProcess): Promise<Result> {
  const result = new Promise<Result>((resolve, reject) => {
    child.once('message', (message: { readonly result: Result }) => resolve(message.result));
    child.once('exit', (code) => reject(new Error(`${name} ended with ${code} and no result`)));
  });
  result.catch(() => undefined);
  return result;
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), END_MAX_MS);
  await ended;
  clearTimeout(timer);
}

/** Runs in the program: takes the input and answers with the result of `work`. Ends on SIGTERM. */
export function runAsTool(work: (input: unknown) => Promise<unknown>): void {
  process.once('message', (message: { readonly input: unknown }) => {
    work(message.input).then(
      (result) => process.send?.({ result }),
      (error: unknown) => {
        console.error(error);
        process.exit(1);
      },
    );
  });
  process.once('SIGTERM', () => process.exit(0));
  process.once('disconnect', () => process.exit(1));
}
