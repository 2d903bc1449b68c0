/**
 * Admits hits on the legacy server in order of arrival, up to a bound on hits at once and as far as
 * the circuit breaker lets them pass.
 */
import {
  CLOSED_BREAKER,
  noteFailure,
  noteSuccess,
  passBreaker,
  type Breaker,
  type BreakerRules,
} from './breaker.ts';
import type { Timers } from '../../shared/runtime/timers.ts';

type AdmissionOptions = {
  readonly timers: Timers;
  readonly hitsAtOnceMax: number;
  readonly breaker: BreakerRules;
  readonly onBreaker: (state: Breaker['state']) => void;
};

type Waiter = { readonly resolve: (isAdmitted: boolean) => void };

/** The queue of hits that wait for their turn. Every admitted hit must call `leave`. */
export class Admission {
  readonly #options: AdmissionOptions;
  /** In order of arrival; a set, so that a waiter who gives up is removed in constant time. */
  readonly #waiting = new Set<Waiter>();
  #breaker: Breaker = CLOSED_BREAKER;
  #hitsAtOnce = 0;
  #isClosed = false;
  #cancelProbe: () => void = () => undefined;

  constructor(options: AdmissionOptions) {
    this.#options = options;
  }

  get breaker(): Breaker['state'] {
    return this.#breaker.state;
  }

  /**
   * Waits for a turn, until the instant `until` of the timers at most. Resolves to true if admitted:
   * then the caller must call `leave`.
   */
  enter(until: number): Promise<boolean> {
    const { timers } = this.#options;
    const now = timers.now();
    if (this.#isClosed || until <= now) return Promise.resolve(false);
    return new Promise((resolve) => {
      const waiter: Waiter = {
        resolve: (isAdmitted) => {
          cancel();
          this.#waiting.delete(waiter);
          resolve(isAdmitted);
        },
      };
      const cancel = timers.after(until - now, () => waiter.resolve(false));
      this.#waiting.add(waiter);
      this.#admit();
    });
  }

  /** Ends a turn and tells the breaker how the hit ended; undefined if no hit was made. */
  leave(isAnswered: boolean | undefined): void {
    this.#hitsAtOnce -= 1;
    if (isAnswered !== undefined) this.#note(isAnswered);
    this.#admit();
  }

  #note(isAnswered: boolean): void {
    const { timers, breaker, onBreaker } = this.#options;
    const before = this.#breaker.state;
    this.#breaker = isAnswered ? noteSuccess() : noteFailure(this.#breaker, timers.now(), breaker);
    if (this.#breaker.state !== before) onBreaker(this.#breaker.state);
  }

  /** Admits no more; `enter` resolves to false for everyone who waits. */
  close(): void {
    this.#isClosed = true;
    this.#cancelProbe();
    for (const waiter of this.#waiting) waiter.resolve(false);
  }

  #admit(): void {
    const { timers, hitsAtOnceMax, breaker } = this.#options;
    this.#cancelProbe();
    for (const waiter of this.#waiting) {
      if (this.#hitsAtOnce >= hitsAtOnceMax) return;
      const now = timers.now();
      const passage = passBreaker(this.#breaker, now, breaker);
      if (!passage.mayGo) {
        this.#cancelProbe = timers.after(passage.probeAt - now, () => this.#admit());
        return;
      }
      this.#breaker = passage.breaker;
      this.#hitsAtOnce += 1;
      waiter.resolve(true);
    }
  }
}
