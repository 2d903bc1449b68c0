/** A process of the system in the simulation: it can die between any two steps, or be paused. */
import { TransientError } from '../../shared/runtime/errors.ts';
import type { Logger } from '../../shared/runtime/logger.ts';
import type { Timers } from '../../shared/runtime/timers.ts';
import type { Session } from '../support/memory-database.ts';
import type { Actor, Agenda } from './agenda.ts';
import type { CrashPoint, Faults } from './faults.ts';

/** A session that says nothing for this long is ended by the database. */
const SILENCE_MAX_MS = 5_000;

export type ProcessOptions = {
  readonly name: string;
  readonly agenda: Agenda;
  readonly faults: Faults;
  readonly openSession: () => Session;
  readonly log: Logger;
  /** It is gone; whoever supervises it may start another. */
  readonly onDead: () => void;
  /** Its connections to the broker fall, as the broker sees it. */
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
    // The monotonic clocks of two machines have nothing in common.
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

  /** Goes on a little later, unless the process dies here; then never. */
  step(what: string, usualMs = 2): Promise<void> {
    return new Promise((resolve) => {
      if (!this.isAlive) return;
      const { agenda, faults } = this.#options;
      agenda.add(faults.latency(usualMs), what, resolve, this);
    });
  }

  /** As `step`, where the seed may let the process die. */
  async stepAt(point: CrashPoint, usualMs = 2): Promise<void> {
    await this.step(point, usualMs);
    if (this.#options.faults.strikes(`crash ${point}`)) await this.die();
  }

  /** Dies; what awaits this goes no further. */
  die(): Promise<never> {
    this.kill();
    return new Promise(() => undefined);
  }

  kill(): void {
    if (!this.isAlive) return;
    this.isAlive = false;
    const { agenda, dropChannels, onDead } = this.#options;
    const session = this.session;
    // Database and broker notice a little later that the other end is gone.
    agenda.add(this.#options.faults.latency(DYING_MS), 'notice death', () => {
      session.end();
      dropChannels(this);
    });
    onDead();
  }

  /** Stops for a while, as SIGSTOP does: others take over what it holds, and then it wakes. */
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

  /** A pause of no stated length: how long a wait really is, the seed decides. */
  readonly wait = (): Promise<void> => this.step('wait', 400);

  /** When something that is published now arrives: never before what was published earlier. */
  arrivalMs(): number {
    const { agenda, faults } = this.#options;
    this.#lastPublish = Math.max(this.#lastPublish, agenda.now + faults.latency(2));
    return this.#lastPublish - agenda.now;
  }

  /** Runs a piece of work of the database, which may fail, or be done and not be heard of. */
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
