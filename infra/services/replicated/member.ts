/** Runs one program on one machine of a replicated system. */
import { join } from 'node:path';
import type { Logger } from '../../../shared/runtime/logger.ts';
import { SetUpError } from '../../../shared/runtime/errors.ts';
import { lastLineOf } from '../../host/log-lines.ts';
import { keepRunning, type KeptProcess } from '../../host/keep-running.ts';
import {
  startProcess,
  stopLeftover,
  stopProcess,
  untilReady,
  type Program,
} from '../../host/private-process.ts';
import type { Machine } from './machine.ts';

const START_MAX_MS = 120_000;
const STOP_MAX_MS = 20_000;

type MemberOptions = {
  /** The name in the list of processes, such as `etcd-a`. */
  readonly name: string;
  readonly machine: Pick<Machine, 'on'>;
  readonly program: Program;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  /** Resolves when the program may be restarted after its end, as in `KeepOptions`. */
  readonly mayRestart?: (() => Promise<void>) | undefined;
  /** Resolves when the program answers. */
  readonly probe: () => Promise<unknown>;
  readonly home: string;
  /** Aborts the start. */
  readonly signal: AbortSignal;
  readonly say: (line: string) => void;
  readonly log: Logger;
};

export type Member = KeptProcess & { readonly name: string };

/**
 * Starts the program and restarts it whenever it ends. Resolves when it answers for the first time.
 */
export async function startMember(options: MemberOptions): Promise<Member> {
  const { name, machine, program, env, cwd, mayRestart, probe, home, signal, say, log } = options;
  const logFile = join(home, 'logs', `${name}.log`);
  const kept = await keepRunning({
    name,
    launch: () =>
      startProcess({ ...machine.on(program), env, cwd, logFile, pidFile: pidFileOf(home, name) }),
    mayRestart,
    ready: (child, waiting) =>
      untilReady(probe, {
        name,
        child,
        logFile,
        longestMs: START_MAX_MS,
        signal: waiting,
        say,
        explain: (answer) =>
          new SetUpError([
            `${name} did not start: ${answer}`,
            `The last line of its log ${logFile}: ${lastLineOf(logFile)}`,
            'Mend that, or start without --replicated on another DAYTRADE_HOME.',
          ]),
      }),
    stop: (child) => stopProcess(child, 'SIGTERM', STOP_MAX_MS),
    signal,
    say,
    log,
  });
  return {
    name,
    pid: () => kept.pid(),
    restarts: () => kept.restarts(),
    close: () => kept.close(),
  };
}

/** Stops those of the named programs that a killed run left, and calls `onFound` before each. */
export async function stopLeftMembers(
  home: string,
  names: readonly string[],
  onFound: () => void,
): Promise<void> {
  const stop = { signal: 'SIGTERM', longestMs: STOP_MAX_MS, onFound } as const;
  await Promise.all(names.map((name) => stopLeftover(pidFileOf(home, name), stop)));
}

const pidFileOf = (home: string, name: string): string => join(home, `${name}.pid`);

/** Resolves if the URL answers with a 2xx status within 2 s. */
export async function fetchOk(url: string): Promise<void> {
  const response = await fetch(url, { signal: AbortSignal.timeout(2_000) });
  if (!response.ok) throw new Error(`${url} answered ${response.status}`);
}
