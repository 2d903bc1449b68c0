/**
 * Runs a private service and restarts it whenever it ends, at the same address and with the same
 * data.
 *
 * States: *starting* in `open`, whose failure is final; *running*; *restarting* after an exit, with
 * backoff and without end; *closing* from `close` on, which ends a restart and then stops the
 * process.
 */
import type { ChildProcess } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from '../../shared/runtime/logger.ts';
import { retry } from '../../shared/runtime/retry.ts';
import { RESTART_BACKOFF } from './restart-policy.ts';

export type KeepOptions = {
  readonly name: string;
  /** Starts the process. */
  readonly launch: () => ChildProcess;
  /** Resolves when the service may be restarted after its end; by default, immediately. */
  readonly mayRestart?: (() => Promise<void>) | undefined;
  /**
   * Resolves when the service answers. Rejects once it never will, and when `signal` is aborted.
   */
  readonly ready: (child: ChildProcess, signal: AbortSignal) => Promise<void>;
  readonly stop: (child: ChildProcess) => Promise<void>;
  /** Aborts the first start, but no restart. */
  readonly signal: AbortSignal;
  readonly say: (line: string) => void;
  readonly log: Logger;
};

export interface KeptProcess {
  /** Undefined while the service is being restarted. */
  pid(): number | undefined;
  restarts(): number;
  close(): Promise<void>;
}

/** Resolves when the service answers for the first time; rejects if its first start fails. */
export async function keepRunning(options: KeepOptions): Promise<KeptProcess> {
  const kept = new Kept(options);
  await kept.open();
  return kept;
}

class Kept implements KeptProcess {
  readonly #options: KeepOptions;
  #child: ChildProcess | undefined;
  #restarts = 0;
  readonly #closing = new AbortController();
  #restarting: Promise<void> | undefined;

  constructor(options: KeepOptions) {
    this.#options = options;
  }

  async open(): Promise<void> {
    const { launch, ready, stop, signal } = this.#options;
    signal.throwIfAborted();
    const child = launch();
    try {
      await ready(child, signal);
    } catch (error) {
      await stop(child);
      throw error;
    }
    this.#watch(child);
  }

  #watch(child: ChildProcess): void {
    this.#child = child;
    const onExit = (code: number | null, signal: NodeJS.Signals | null): void => {
      this.#child = undefined;
      if (this.#isClosing()) return;
      const { name, say, log } = this.#options;
      log.error('service ended, starting it again', { name, code, signal });
      say(`${name} ended (${signal ?? `exit ${code}`}); starting it again …`);
      this.#restarting = this.#restart();
    };
    if (child.exitCode !== null || child.signalCode !== null)
      onExit(child.exitCode, child.signalCode);
    else child.once('exit', onExit);
  }

  /** Tries without end: the users of the service wait for it, and lose nothing. */
  async #restart(): Promise<void> {
    const { name, mayRestart, log } = this.#options;
    await mayRestart?.();
    await retry(() => this.#startAgain(), {
      backoff: RESTART_BACKOFF,
      pause: sleep,
      onHeld: (error, attempt) => log.error('service did not start', { name, attempt, error }),
    });
  }

  /** Rejects if the service does not start; does nothing more once this is closing. */
  async #startAgain(): Promise<void> {
    if (this.#isClosing()) return;
    const { name, launch, ready, stop, say } = this.#options;
    const child = launch();
    try {
      await ready(child, this.#closing.signal);
    } catch (error) {
      await stop(child);
      if (this.#isClosing()) return;
      throw error;
    }
    this.#restarts += 1;
    say(`${name} is back.`);
    this.#watch(child);
  }

  #isClosing(): boolean {
    return this.#closing.signal.aborted;
  }

  pid(): number | undefined {
    return this.#child?.pid;
  }

  restarts(): number {
    return this.#restarts;
  }

  async close(): Promise<void> {
    this.#closing.abort(new Error('it is being closed'));
    await this.#restarting;
    if (this.#child !== undefined) await this.#options.stop(this.#child);
  }
}
