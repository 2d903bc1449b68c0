/** Detects operations and tasks that take longer than allowed. Pure: the caller passes the time, in ms. */

type Overdue = {
  /** How long it has taken so far. */
  readonly ms: number;
  readonly longestMs: number;
};

/** An operation that must end, or a task that must come again, within a bounded time. */
export interface Timed {
  /** Returns how long it has taken and was allowed, or undefined if it is not overdue. */
  overdue(now: number): Overdue | undefined;
  /** Starts measuring anew at `now`, because the service that it waits for was away until then. */
  excuse(now: number): void;
}

export type OperationBounds = {
  /** It may always take this long. Must exceed every wait that is bounded elsewhere. */
  readonly floorMs: number;
  /** It may never take longer, however slow recent runs were. */
  readonly ceilingMs: number;
};

/** A run that takes this many times the p99 of recent runs is not slow but stuck. */
const P99_MULTIPLE = 20;
/** The number of recent runs for the p99. */
const RECENT_RUNS = 1_000;

/** The runs of an operation. Each may take a multiple of the p99 of recent runs, within the bounds. */
export class OperationTimes implements Timed {
  readonly #bounds: OperationBounds;
  /** The start of each run that has not ended, the oldest first. */
  readonly #running = new Map<symbol, number>();
  /** A ring of the durations of recent runs, in ms. */
  readonly #times: number[] = [];
  #next = 0;

  constructor(bounds: OperationBounds) {
    this.#bounds = bounds;
  }

  /** Begins a run, and returns the symbol with which the caller ends it. */
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
    this.#next = (this.#next + 1) % RECENT_RUNS;
  }

  /** The longest time that a run may take. */
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

/** The rounds of a periodic task. Each must end within `longestMs` of the end of the previous one. */
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

  /** Notes the end of a round, or excuses its absence until now. */
  excuse(now: number): void {
    this.#doneAt = now;
  }
}

const longer = (ms: number, longestMs: number): Overdue | undefined =>
  ms > longestMs ? { ms, longestMs } : undefined;
