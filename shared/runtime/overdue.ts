/** When something takes longer than it may. Pure: whoever asks says what time it is. */

export type Overdue = {
  /** How long it has taken by now. */
  readonly ms: number;
  readonly longestMs: number;
};

/** Something that is not to take, or to be absent, for longer than it may. */
export interface Timed {
  /** What has taken too long; undefined where nothing has. */
  overdue(now: number): Overdue | undefined;
  /** The time until now does not count: what it waited for was away. */
  excuse(now: number): void;
}

export type OperationBounds = {
  /** It may always take this long: longer than every wait that is bounded elsewhere. */
  readonly floorMs: number;
  /** It may never take longer, however slow all are lately. */
  readonly ceilingMs: number;
};

/** Of what 99 of 100 took lately; what is slower by this factor is not slow but stuck. */
const P99_MULTIPLE = 20;
const LATELY = 1_000;

/** The runs of an operation: each may take a multiple of the running p99, between floor and ceiling. */
export class OperationTimes implements Timed {
  readonly #bounds: OperationBounds;
  /** When each run that is not over began, the oldest first. */
  readonly #running = new Map<symbol, number>();
  /** The latest times, in milliseconds; the oldest one is overwritten. */
  readonly #times: number[] = [];
  #next = 0;

  constructor(bounds: OperationBounds) {
    this.#bounds = bounds;
  }

  /** Gives the name of a run, to end it by. */
  begin(now: number): symbol {
    const run = Symbol('run');
    this.#running.set(run, now);
    return run;
  }

  end(run: symbol, now: number): void {
    const begunAt = this.#running.get(run);
    if (begunAt === undefined) return;
    this.#running.delete(run);
    this.#times[this.#next] = now - begunAt;
    this.#next = (this.#next + 1) % LATELY;
  }

  /** How long a run may take. */
  longestMs(): number {
    const { floorMs, ceilingMs } = this.#bounds;
    const sorted = this.#times.toSorted((one, other) => one - other);
    const p99 = sorted[Math.ceil(sorted.length * 0.99) - 1] ?? 0;
    return Math.min(Math.max(P99_MULTIPLE * p99, floorMs), ceilingMs);
  }

  overdue(now: number): Overdue | undefined {
    const [oldest] = this.#running.values();
    return oldest === undefined ? undefined : longer(now - oldest, this.longestMs());
  }

  excuse(now: number): void {
    for (const run of this.#running.keys()) this.#running.set(run, now);
  }
}

/** The rounds of a periodic task: each comes within a longest interval of the one before. */
export class TaskTimes implements Timed {
  readonly #longestMs: number;
  #doneAt: number;

  constructor(longestMs: number, now: number) {
    this.#longestMs = longestMs;
    this.#doneAt = now;
  }

  overdue(now: number): Overdue | undefined {
    return longer(now - this.#doneAt, this.#longestMs);
  }

  /** A round is over, or need not have come until now. */
  excuse(now: number): void {
    this.#doneAt = now;
  }
}

const longer = (ms: number, longestMs: number): Overdue | undefined =>
  ms > longestMs ? { ms, longestMs } : undefined;
