/** Whether a process takes work at all: its first start may fail, later ones are tried without end. */
import { deferred, type Deferred } from '../../shared/runtime/deferred.ts';
import { SYSTEM_TIMERS, type Timers } from '../../shared/runtime/timers.ts';

/** A process that has ended this often and never took work does not: an accident does not repeat. */
const ENDS_MAX = 3;
/** One that ended, and does not take work at this time either, has failed: an operator is told so soon. */
const FAILS_MS = 15_000;

export class FirstStart {
  readonly #settled: Deferred<void> = deferred();
  readonly #explain: (ends: number) => Error;
  readonly #callOff: () => void;
  #isLate = false;
  #ends = 0;

  /** `explain` makes the error, of a process that has ended that often. */
  constructor(explain: (ends: number) => Error, timers: Timers = SYSTEM_TIMERS) {
    this.#explain = explain;
    this.#settled.promise.catch(() => undefined);
    this.#callOff = timers.after(FAILS_MS, () => {
      this.#isLate = true;
      this.#judge();
    });
  }

  /** Resolves when it takes work; rejects where it never will. */
  ready(): Promise<void> {
    return this.#settled.promise;
  }

  succeed(): void {
    this.#callOff();
    this.#settled.resolve();
  }

  /** It ended by itself. `isFinal` says that the next start would end alike. */
  ended(isFinal: boolean): void {
    this.#ends += 1;
    this.#judge(isFinal);
  }

  /** Nobody waits any more. */
  close(): void {
    this.#callOff();
  }

  #judge(isFinal = false): void {
    const hasFailed = isFinal || this.#ends >= ENDS_MAX || (this.#isLate && this.#ends > 0);
    if (!hasFailed) return;
    this.#callOff();
    this.#settled.reject(this.#explain(this.#ends));
  }
}
