/** Runs a part of a measurement in a process of its own, so that its CPU time and memory are its own. */
import { fork, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { NODE_FLAGS } from '../supervisor/child.ts';
import { buildRoot } from '../../shared/runtime/package-root.ts';

export type RunningTool<Result> = {
  readonly pid: number | undefined;
  readonly result: Promise<Result>;
  /** Resolves when the program has warmed up and pauses; rejects if it ends before. */
  readonly paused: Promise<void>;
  /** Lets a paused program go on. */
  readonly resume: () => void;
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
  const result = messageOf<{ readonly result: Result }>('result', name, child).then(
    (message) => message.result,
  );
  const paused = messageOf('paused', name, child).then(() => undefined);
  for (const promise of [result, paused]) promise.catch(() => undefined);
  const resume = (): void => void child.send({ resume: true });
  return { pid: child.pid, result, paused, resume, end: () => end(child) };
}

/** Resolves to the message with that field; rejects if the program ends without it. */
const messageOf = <Message>(field: string, name: string, child: ChildProcess): Promise<Message> =>
  new Promise((resolve, reject) => {
    child.on('message', (message: object) => {
      if (field in message) resolve(message as Message);
    });
    child.once('exit', (code) => reject(new Error(`${name} ended with ${code} and no ${field}`)));
  });

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), END_MAX_MS);
  await ended;
  clearTimeout(timer);
}

/** Resolves when the program that started this one lets it go on: what follows is measured. */
export type PauseTool = () => Promise<void>;

const pauseTool: PauseTool = async () => {
  const resumed = new Promise<void>((resolve) => process.once('message', () => resolve()));
  process.send?.({ paused: true });
  await resumed;
};

/** Runs in the program: takes the input and answers with the result of `work`. Ends on SIGTERM. */
export function runAsTool(work: (input: unknown, pause: PauseTool) => Promise<unknown>): void {
  process.once('message', (message: { readonly input: unknown }) => {
    work(message.input, pauseTool).then(
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
