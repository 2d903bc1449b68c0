/**
 * Decides whether the first start of a process succeeded or failed. Later starts are tried without
 * end.
 */
import { deferred, type Deferred } from '../../shared/runtime/deferred.ts';
import { SYSTEM_TIMERS, type Timers } from '../../shared/runtime/timers.ts';

/**
 * A process that ended this often before it ever took work has failed: an accident does not repeat.
 */
const ENDS_MAX = 3;
/**
 * A process that has ended at least once and takes no work after this time has failed, so that an
 * operator learns of it soon.
 */
const FAILS_MS = 15_000;

/**
 * States: *open* until `succeed` is called (then *ready*), or until an exit is final, the third, or
 * combined with lateness (then *failed*). Both end states are final.
 */
export class FirstStart {
  readonly #settled: Deferred<void> = deferred();
  readonly #explain: (ends: number) => Error;
  readonly #cancelTimer: () => void;
  #isLate = false;
  #ends = 0;

  /** `explain` makes the error for the given number of exits. */
  constructor(explain: (ends: number) => Error, timers: Timers = SYSTEM_TIMERS) {
    this.#explain = explain;
    this.#settled.promise.catch(() => undefined);
    this.#cancelTimer = timers.after(FAILS_MS, () => {
      this.#isLate = true;
      this.#failIfDue();
    });
  }

  /** Resolves when the process takes work; rejects once its first start has failed. */
  ready(): Promise<void> {
    return this.#settled.promise;
  }

  succeed(): void {
    this.#cancelTimer();
    this.#settled.resolve();
  }

  /**
   * Records that the process exited by itself. `isFinal` means that another start would end the
   * same way.
   */
  ended(isFinal: boolean): void {
    this.#ends += 1;
    this.#failIfDue(isFinal);
  }

  /** Cancels the timer; `ready` may then stay pending. */
  close(): void {
    this.#cancelTimer();
  }

  #failIfDue(isFinal = false): void {
    const hasFailed = isFinal || this.#ends >= ENDS_MAX || (this.#isLate && this.#ends > 0);
    if (!hasFailed) return;
    this.#cancelTimer();
    this.#settled.reject(this.#explain(this.#ends));
  }
}
