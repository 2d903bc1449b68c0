/** One process of a pool: started, watched, started again, stopped. */
import { fork, type ChildProcess, type ForkOptions } from 'node:child_process';
import cluster from 'node:cluster';
import { join } from 'node:path';
import { CodedError } from '../../shared/runtime/errors.ts';
import { deferred, type Deferred } from '../../shared/runtime/deferred.ts';
import type { ProcessReport, SupervisorOrder } from '../../shared/runtime/lifecycle.ts';
import type { Logger } from '../../shared/runtime/logger.ts';
import { openLogSink, type LogSink, type LogTarget } from '../../shared/runtime/log-sink.ts';
import { FirstStart } from './first-start.ts';
import { openLastLine, type LastLine } from './last-line.ts';
import { nextAttempt, restartAfterMs } from './restart-policy.ts';

const STOP_MAX_MS = 12_000;
const WATCH_EVERY_MS = 100;
/** Until it is first heard of: a dozen that start at once on a busy machine take their time to load. */
const FIRST_SILENCE_MAX_MS = 60_000;
/** What is missing where a process says nothing any more. */
const HEARTBEAT = 'heartbeat';

/**
 * What lives for one batch is garbage soon after: V8 would let 16 MiB of it gather three times over,
 * which buys nothing here and is most of what a busy process holds beside its code.
 */
export const NODE_FLAGS: string[] = ['--enable-source-maps', '--max-semi-space-size=4'];

export type ChildOptions = {
  readonly name: string;
  /** The compiled main file, of the build that the system runs by then. */
  readonly main: () => string;
  /** Asked for at each start. */
  readonly args?: () => readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Shares its port with others of its kind: this process takes the connections and hands them on. */
  readonly sharesPort?: boolean;
  readonly logFolder: string;
  /** Files where absent. */
  readonly logTo?: LogTarget;
  /** A process that says nothing for this long is replaced: its standby has its work meanwhile. 0 = never. */
  readonly silenceMaxMs: number;
  readonly log: Logger;
  /** It takes work now; again after each restart. */
  readonly onReady: () => void;
  readonly onMessage?: (message: unknown) => void;
};

export interface Child {
  readonly name: string;
  pid(): number | undefined;
  restarts(): number;
  /** How often it was replaced because something in it hung, by what that was. */
  breaches(): ReadonlyMap<string, number>;
  /** Whether it takes work just now. */
  isReady(): boolean;
  /** Undefined while it does not take work, and where it serves none. */
  metricsPort(): number | undefined;
  /** Resolves when it is ready for the first time; rejects where its start has failed. */
  ready(): Promise<void>;
  /** Returns the last line of its log, in a form for people. */
  lastLine(): string;
  tell(order: SupervisorOrder): void;
  /** Drains it and starts it again; resolves when it takes work. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

export function startChild(options: ChildOptions): Child {
  const child = new SupervisedChild(options);
  child.start();
  return child;
}

/** As `fork`; cluster knows no `detached`, so such a process leaves a terminal's Ctrl-C to us. */
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
  /** How it ended last. */
  #exit: NodeJS.Signals | number | null = null;
  #process: ChildProcess | undefined;
  #restarts = 0;
  readonly #breaches = new Map<string, number>();
  /** Set once it is being replaced: how long it was well before something in it hung. */
  #wellMs: number | undefined;
  #attempt = 0;
  #heardAt = 0;
  #wasHeard = false;
  #startedAt = 0;
  #stopping = false;
  #wasReady = false;
  #isReady = false;
  #metricsPort: number | undefined;
  /** Set while it is restarted because somebody asked for it. */
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
    this.#heardAt = performance.now();
    this.#wasHeard = false;
    this.#wellMs = undefined;
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
    this.#heardAt = performance.now();
    this.#wasHeard = true;
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

  #watch(): void {
    const { silenceMaxMs } = this.#options;
    const longestMs = this.#wasHeard ? silenceMaxMs : Math.max(silenceMaxMs, FIRST_SILENCE_MAX_MS);
    if (silenceMaxMs === 0 || performance.now() - this.#heardAt < longestMs) return;
    this.#replace(HEARTBEAT, performance.now() - this.#heardAt);
  }

  /** It hangs: it is not asked, and another takes its place. */
  #replace(operation: string, hungMs: number): void {
    const child = this.#process;
    if (child === undefined || this.#wellMs !== undefined) return;
    this.#wellMs = performance.now() - this.#startedAt - hungMs;
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
    // A configuration fault does not pass by trying again. But one that was ready before is well
    // configured: its database or broker is away for longer than a start waits.
    const isFinal = code === 78 && !this.#wasReady;
    // What it said at its end is read after this. One that was replaced did not end by itself.
    if (this.#wellMs === undefined) setImmediate(() => this.#firstStart.ended(isFinal));
    if (isFinal) return;
    const wellMs = this.#wellMs ?? performance.now() - this.#startedAt;
    this.#attempt = nextAttempt(this.#attempt, wellMs);
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

  tell(order: SupervisorOrder): void {
    if (this.#process?.connected !== true) return;
    // It may have ended a moment ago: the one that takes its place is told when it is ready.
    this.#process.send(order, () => undefined);
  }

  async restart(): Promise<void> {
    const back = (this.#whenBack ??= deferred());
    // Draining has a bound of its own, and a process may say nothing meanwhile.
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

/** Lets it drain, and kills it where that takes too long. */
async function end(child: ChildProcess): Promise<void> {
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), STOP_MAX_MS);
  await ended;
  clearTimeout(timer);
}
