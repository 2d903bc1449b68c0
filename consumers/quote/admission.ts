/** Who may hit the legacy server now: a bound on hits at once, first come first served, and the breaker. */
import {
  CLOSED_BREAKER,
  noteFailure,
  noteSuccess,
  passBreaker,
  type Breaker,
  type BreakerRules,
} from './breaker.ts';
import type { Timers } from '../../shared/runtime/timers.ts';

export type AdmissionOptions = {
  readonly timers: Timers;
  readonly hitsAtOnceMax: number;
  readonly breaker: BreakerRules;
  readonly onBreaker: (state: Breaker['state']) => void;
};

type Waiter = { readonly settle: (isAdmitted: boolean) => void };

export class Admission {
  readonly #options: AdmissionOptions;
  /** In order of arrival; a set, so that one who gives up is taken out at no cost. */
  readonly #waiting = new Set<Waiter>();
  #breaker: Breaker = CLOSED_BREAKER;
  #hitsAtOnce = 0;
  #isClosed = false;
  #callOffProbe: () => void = () => undefined;

  constructor(options: AdmissionOptions) {
    this.#options = options;
  }

  get breaker(): Breaker['state'] {
    return this.#breaker.state;
  }

  /** Waits for a turn, at most until an instant; true = go, and `leave` must follow. */
  enter(until: number): Promise<boolean> {
    const { timers } = this.#options;
    const now = timers.now();
    if (this.#isClosed || until <= now) return Promise.resolve(false);
    return new Promise((resolve) => {
      const waiter: Waiter = {
        settle: (isAdmitted) => {
          callOff();
          this.#waiting.delete(waiter);
          resolve(isAdmitted);
        },
      };
      const callOff = timers.after(until - now, () => waiter.settle(false));
      this.#waiting.add(waiter);
      this.#admit();
    });
  }

  /** Gives the turn back, with how the hit ended; undefined where none was made. */
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

  /** Lets nobody in any more; who waits is sent away. */
  close(): void {
    this.#isClosed = true;
    this.#callOffProbe();
    for (const waiter of this.#waiting) waiter.settle(false);
  }

  #admit(): void {
    const { timers, hitsAtOnceMax, breaker } = this.#options;
    this.#callOffProbe();
    for (const waiter of this.#waiting) {
      if (this.#hitsAtOnce >= hitsAtOnceMax) return;
      const now = timers.now();
      const passage = passBreaker(this.#breaker, now, breaker);
      if (!passage.mayGo) {
        this.#callOffProbe = timers.after(passage.probeAt - now, () => this.#admit());
        return;
      }
      this.#breaker = passage.breaker;
      this.#hitsAtOnce += 1;
      waiter.settle(true);
    }
  }
}
