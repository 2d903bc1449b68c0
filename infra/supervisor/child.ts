/**
 * Runs one process of a pool: starts it, watches it, restarts it when it ends, and stops it.
 *
 * States: *starting* until the process reports `ready`, then *ready* until it exits. A process that
 * exits by itself is started again after a backoff. The watchdog kills one that hangs (silent for
 * `silenceMaxMs`, or for a minute while it starts; or `overdue` by its own report), which then
 * restarts like any other. `restart` drains it first. `stop` ends it for good, as does an exit with code 78 before it was ever ready.
 */
import { fork, type ChildProcess, type ForkOptions } from 'node:child_process';
import cluster from 'node:cluster';
import { join } from 'node:path';
import { CodedError } from '../../shared/runtime/errors.ts';
import { deferred, type Deferred } from '../../shared/runtime/deferred.ts';
import type { ProcessReport, SupervisorOrder } from '../../shared/runtime/lifecycle.ts';
import type { Logger } from '../../shared/runtime/logger.ts';
import { openLogSink, type LogSink, type LogTarget } from '../../shared/runtime/log-sink.ts';
import { nextAttempt, restartAfterMs } from '../host/restart-policy.ts';
import { FirstStart } from './first-start.ts';
import { openLastLine, type LastLine } from './last-line.ts';
import type { Role } from '../../shared/runtime/roles.ts';

/** The longest time a process may take to drain after SIGTERM; then it is killed. */
const STOP_MAX_MS = 12_000;
const WATCH_EVERY_MS = 100;
/** The most silence that one check adds: more has passed only if the supervisor itself did not run. */
const CHECK_COUNTS_MAX_MS = 2 * WATCH_EVERY_MS;
/**
 * The longest silence allowed while a process starts: on a busy machine, a dozen processes that
 * start at once need time to load, and a process that is replaced has to load again.
 */
const START_SILENCE_MAX_MS = 60_000;
/** The operation under which a breach is counted when a process falls silent. */
const HEARTBEAT = 'heartbeat';

/**
 * Bounds the young generation, in MiB a semi-space. The data of a batch is garbage soon after it: V8's
 * default of 16 MiB would let three times as much gather, which gains nothing here and is most of
 * what a busy process holds besides its code.
 */
export const NODE_FLAGS: string[] = ['--enable-source-maps', '--max-semi-space-size=4'];

export type ChildOptions = {
  readonly name: string;
  /** Returns the compiled main file in the current build of the system; called at each start. */
  readonly main: () => string;
  /** Returns the arguments; called at each start. */
  readonly args?: () => readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  /**
   * Whether the process shares its port with others of its kind: this process accepts the
   * connections and distributes them.
   */
  readonly sharesPort?: boolean;
  readonly logFolder: string;
  /** Where the process's output goes; `files` by default. */
  readonly logTo?: LogTarget;
  /**
   * A process that was ready and is silent for this long is killed and started again; its standby
   * does its work meanwhile. 0 = never.
   */
  readonly silenceMaxMs: number;
  readonly log: Logger;
  /** Called when the process takes work, at its first start and after each restart. */
  readonly onReady: () => void;
  readonly onMessage?: (message: unknown) => void;
};

/** Starts a process and restarts it whenever it ends. */
export type StartChild = (
  child: Pick<ChildOptions, 'name'> &
    Partial<Pick<ChildOptions, 'args' | 'onMessage' | 'sharesPort'>> & {
      /** The folder of its main file in a build. */
      readonly folder: string;
      /** The role whose broker and database users it gets; undefined = it needs neither. */
      readonly role?: Role;
    },
  onReady?: () => void,
) => Child;

export interface Child {
  readonly name: string;
  pid(): number | undefined;
  restarts(): number;
  /** How often the watchdog replaced the process, by the operation that hung. */
  breaches(): ReadonlyMap<string, number>;
  /** Whether the process takes work now. */
  isReady(): boolean;
  /** The port of its metrics; undefined while it takes no work, or if it serves none. */
  metricsPort(): number | undefined;
  /** Resolves when the process is ready for the first time; rejects if its first start fails. */
  ready(): Promise<void>;
  /** Returns the last line of its log, rendered for people. */
  lastLine(): string;
  send(order: SupervisorOrder): void;
  /** Drains the process and starts it again; resolves when it takes work. */
  restart(): Promise<void>;
  /** Drains the process, kills it after 12 s, and does not start it again. */
  stop(): Promise<void>;
}

/** Starts the process; returns at once. `ready` reports whether the start succeeds. */
export function startChild(options: ChildOptions): Child {
  const child = new SupervisedChild(options);
  child.start();
  return child;
}

/**
 * Starts a process like `fork`, but in a cluster, which cannot detach it. Ctrl-C on a terminal
 * therefore reaches it too; it ignores SIGINT while the supervisor is connected.
 */
function forkSharing(
  exec: string,
  args: string[],
  { env, execArgv, stdio }: ForkOptions,
): ChildProcess {
  cluster.setupPrimary({
    exec,
    args,
    ...(execArgv !== undefined && { execArgv: [...execArgv] }),
    ...(Array.isArray(stdio) && { stdio }),
  });
  return cluster.fork(env).process;
}

class SupervisedChild implements Child {
  readonly name: string;
  readonly #options: ChildOptions;
  readonly #firstStart: FirstStart;
  /** The exit code or signal of the last end. */
  #exit: NodeJS.Signals | number | null = null;
  #process: ChildProcess | undefined;
  #restarts = 0;
  readonly #breaches = new Map<string, number>();
  /** Set once the process is being replaced: how long it ran before something in it hung. */
  #healthyMs: number | undefined;
  /** Exits in a row that did not follow a healthy run. */
  #attempt = 0;
  /** How long the process has been silent, in ms. A pause of the supervisor itself counts as one check. */
  #silentMs = 0;
  #checkedAt = 0;
  #startedAt = 0;
  #stopping = false;
  #wasReady = false;
  #isReady = false;
  #metricsPort: number | undefined;
  /** Set while a requested restart is under way; resolves when the process takes work again. */
  #whenBack: Deferred<void> | undefined;
  readonly #logSink: LogSink;
  readonly #lastLine: LastLine = openLastLine();
  #watchdog: NodeJS.Timeout | undefined;

  constructor(options: ChildOptions) {
    this.name = options.name;
    this.#options = options;
    const { logFolder: folder, logTo: to = 'files' } = options;
    this.#logSink = openLogSink(options.name, { folder, to });
    this.#firstStart = new FirstStart((ends) => this.#notStarted(ends));
  }

  start(): void {
    const { main, args, env, name, sharesPort = false } = this.#options;
    const child = (sharesPort ? forkSharing : fork)(main(), [...(args?.() ?? [])], {
      env: { ...env, DAYTRADE_PROCESS: name },
      execArgv: NODE_FLAGS,
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      detached: true,
    });
    this.#process = child;
    this.#startedAt = performance.now();
    this.#silentMs = 0;
    this.#checkedAt = performance.now();
    this.#healthyMs = undefined;
    child.stdout?.on('data', (chunk: Buffer) => this.#onOutput(chunk));
    child.stderr?.on('data', (chunk: Buffer) => this.#onOutput(chunk));
    child.on('message', (message) => this.#onMessage(message as ProcessReport));
    child.on('exit', (code, signal) => this.#onExit(code, signal));
    this.#watchdog = setInterval(() => this.#watch(), WATCH_EVERY_MS);
  }

  #onOutput(chunk: Buffer): void {
    this.#logSink.append(chunk);
    this.#lastLine.append(chunk);
  }

  #onMessage(message: ProcessReport): void {
    this.#silentMs = 0;
    if (message.type === 'overdue') this.#replace(message.operation, message.ms);
    if (message.type === 'ready') {
      this.#wasReady = true;
      this.#isReady = true;
      this.#metricsPort = message.metricsPort;
      this.#firstStart.succeed();
      this.#whenBack?.resolve();
      this.#whenBack = undefined;
      this.#options.onReady();
    }
    this.#options.onMessage?.(message);
  }

  /** Adds the time since the last check to the silence, and replaces a process that is silent for too long. */
  #watch(): void {
    const { silenceMaxMs } = this.#options;
    const now = performance.now();
    // After a pause of the supervisor, heartbeats may wait unread.
    this.#silentMs += Math.min(now - this.#checkedAt, CHECK_COUNTS_MAX_MS);
    this.#checkedAt = now;
    const longestMs = this.#isReady ? silenceMaxMs : Math.max(silenceMaxMs, START_SILENCE_MAX_MS);
    if (silenceMaxMs === 0 || this.#silentMs < longestMs) return;
    this.#replace(HEARTBEAT, this.#silentMs);
  }

  /** Kills a hanging process without draining it; `#onExit` starts it again. */
  #replace(operation: string, hungMs: number): void {
    const child = this.#process;
    if (child === undefined || this.#healthyMs !== undefined) return;
    this.#healthyMs = performance.now() - this.#startedAt - hungMs;
    this.#breaches.set(operation, (this.#breaches.get(operation) ?? 0) + 1);
    this.#options.log.error('process hangs, replaced', {
      ...{ name: this.name, pid: child.pid, operation },
    });
    child.kill('SIGKILL');
  }

  #onExit(code: number | null, signal: NodeJS.Signals | null): void {
    clearInterval(this.#watchdog);
    this.#process = undefined;
    this.#isReady = false;
    this.#metricsPort = undefined;
    if (this.#stopping) return;
    const { log } = this.#options;
    if (this.#whenBack !== undefined && code === 0) {
      log.info('process drained, started again', { name: this.name });
      this.start();
      return;
    }
    log.warn('process ended', { name: this.name, code, signal });
    this.#exit = signal ?? code;
    // A configuration error does not pass with another try. But a process that was ready before has
    // a valid configuration: it ends with 78 because its database or broker was away for longer
    // than a start waits.
    const isFinal = code === 78 && !this.#wasReady;
    // Waits one turn, so that the last output is read first. A replaced process did not end by
    // itself, and does not count as a failed start.
    if (this.#healthyMs === undefined) setImmediate(() => this.#firstStart.ended(isFinal));
    if (isFinal) return;
    const healthyMs = this.#healthyMs ?? performance.now() - this.#startedAt;
    this.#attempt = nextAttempt(this.#attempt, healthyMs);
    this.#restarts += 1;
    setTimeout(() => {
      if (!this.#stopping) this.start();
    }, restartAfterMs(this.#attempt));
  }

  #notStarted(ends: number): CodedError {
    const exit = this.#exit;
    const { name, logFolder } = this.#options;
    return new CodedError(
      exit === 78 ? 'config-invalid' : 'not-finished',
      `${name} did not start: it ended${ends === 1 ? '' : ` ${ends} times`} (${
        typeof exit === 'number' ? `exit ${exit}` : (exit ?? 'unknown')
      }).\nThe last line of its log ${join(logFolder, `${name}.log`)}:\n  ${this.lastLine()}`,
    );
  }

  lastLine(): string {
    return this.#lastLine.text();
  }

  pid(): number | undefined {
    return this.#process?.pid;
  }

  restarts(): number {
    return this.#restarts;
  }

  breaches(): ReadonlyMap<string, number> {
    return this.#breaches;
  }

  isReady(): boolean {
    return this.#isReady;
  }

  metricsPort(): number | undefined {
    return this.#metricsPort;
  }

  ready(): Promise<void> {
    return this.#firstStart.ready();
  }

  send(order: SupervisorOrder): void {
    if (this.#process?.connected !== true) return;
    // The process may have ended a moment ago: its successor gets the orders when it is ready.
    this.#process.send(order, () => undefined);
  }

  async restart(): Promise<void> {
    const back = (this.#whenBack ??= deferred());
    // Stops the watchdog: draining has its own bound, and a process may be silent meanwhile.
    clearInterval(this.#watchdog);
    if (this.#process !== undefined) await end(this.#process);
    await back.promise;
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    this.#firstStart.close();
    clearInterval(this.#watchdog);
    if (this.#process !== undefined) await end(this.#process);
  }
}

/** Stops the process with SIGTERM, and kills it after `STOP_MAX_MS`. */
async function end(child: ChildProcess): Promise<void> {
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), STOP_MAX_MS);
  await ended;
  clearTimeout(timer);
}
