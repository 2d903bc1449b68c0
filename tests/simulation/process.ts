/** A process of the system in the simulation: it can die between any two steps, or be paused. */
import { TransientError } from '../../shared/runtime/errors.ts';
import type { Logger } from '../../shared/runtime/logger.ts';
import type { Timers } from '../../shared/runtime/timers.ts';
import type { Session } from '../support/memory-database.ts';
import type { Actor, Agenda } from './agenda.ts';
import type { CrashPoint, Faults } from './faults.ts';

/** The database ends a session that is silent for this long. */
const SILENCE_MAX_MS = 5_000;

export type ProcessOptions = {
  readonly name: string;
  readonly agenda: Agenda;
  readonly faults: Faults;
  readonly openSession: () => Session;
  readonly log: Logger;
  /** Called when it is gone; its supervisor may start another. */
  readonly onDead: () => void;
  /** Called when the broker sees its connections close. */
  readonly dropChannels: (process: SimulatedProcess) => void;
};

const DYING_MS = 100;

export class SimulatedProcess implements Actor {
  readonly name: string;
  readonly timers: Timers;
  readonly log: Logger;
  session: Session;
  isAlive = true;
  pausedUntil = 0;
  readonly #options: ProcessOptions;
  readonly #skewMs: number;
  #lastPublish = 0;

  constructor(options: ProcessOptions) {
    const { name, agenda, faults, openSession, log } = options;
    this.name = name;
    this.log = log;
    this.#options = options;
    this.session = openSession();
    // The monotonic clocks of two machines start at unrelated values.
    this.#skewMs = faults.random.below(1_000_000);
    this.timers = {
      now: () => agenda.now + this.#skewMs,
      after: (ms, run) => {
        const entry = agenda.add(ms, 'timer', run, this);
        return () => {
          entry.isOff = true;
        };
      },
      soon: (run) => void agenda.add(0, 'soon', run, this),
    };
  }

  /** Resolves a little later, or never if the process dies here. */
  step(what: string, usualMs = 2): Promise<void> {
    return new Promise((resolve) => {
      if (!this.isAlive) return;
      const { agenda, faults } = this.#options;
      agenda.add(faults.latency(usualMs), what, resolve, this);
    });
  }

  /** Does the same as `step`, at a place where the seed may let the process die. */
  async stepAt(point: CrashPoint, usualMs = 2): Promise<void> {
    await this.step(point, usualMs);
    if (this.#options.faults.strikes(`crash ${point}`)) await this.die();
  }

  /** Ends the process. Code that awaits this goes no further. */
  die(): Promise<never> {
    this.kill();
    return new Promise(() => undefined);
  }

  kill(): void {
    if (!this.isAlive) return;
    this.isAlive = false;
    const { agenda, dropChannels, onDead } = this.#options;
    const session = this.session;
    // The database and the broker notice a little later that the process is gone.
    agenda.add(this.#options.faults.latency(DYING_MS), 'notice death', () => {
      session.end();
      dropChannels(this);
    });
    onDead();
  }

  /** Pauses the process, as SIGSTOP does. Others take over its work, and then it wakes. */
  pause(ms: number): void {
    const { agenda, openSession, dropChannels } = this.#options;
    this.pausedUntil = agenda.now + ms;
    if (ms <= SILENCE_MAX_MS) return;
    agenda.add(SILENCE_MAX_MS, 'silence', () => {
      const { session } = this;
      this.session = openSession();
      session.end();
      dropChannels(this);
    });
  }

  /** Waits. The seed decides how long. */
  readonly wait = (): Promise<void> => this.step('wait', 400);

  /** Returns when a message that is published now arrives: never before an earlier one. */
  arrivalMs(): number {
    const { agenda, faults } = this.#options;
    this.#lastPublish = Math.max(this.#lastPublish, agenda.now + faults.latency(2));
    return this.#lastPublish - agenda.now;
  }

  /** Runs work on the database. It may fail, or succeed and lose its answer. */
  async onDatabase<Result>(work: () => Result | Promise<Result>): Promise<Result> {
    const { faults } = this.#options;
    await this.stepAt('before-transaction');
    if (faults.strikes('database error')) throw unavailable('the database is away');
    const result = await work();
    await this.stepAt('after-commit');
    if (faults.strikes('commit answer lost')) throw unavailable('the answer was lost');
    return result;
  }
}

export const unavailable = (what: string): TransientError =>
  new TransientError('database-unavailable', what);
