/** The faults that a seed plans, and how often they strike. */
import { seededRandom, type Random } from '../../producers/workload/random.ts';

/** The places at which a process can die, each between two steps of its work. */
export type CrashPoint =
  | 'before-transaction'
  | 'in-transaction'
  | 'before-commit'
  | 'after-commit'
  | 'after-audit-publish'
  | 'after-replies'
  | 'before-ack'
  | 'between';

export type Fault =
  | `crash ${CrashPoint}`
  | 'database error'
  | 'commit answer lost'
  | 'publish refused'
  | 'confirm lost'
  | 'message twice'
  | 'message again late'
  | 'reply lost'
  | 'channel closed'
  | 'process paused'
  | 'producer restarted'
  | 'hit fails'
  | 'hit hangs';

/** The highest chance of each fault, each time it could strike. */
const MOST: Readonly<Record<Fault, number>> = {
  'crash before-transaction': 0.02,
  'crash in-transaction': 0.02,
  'crash before-commit': 0.02,
  'crash after-commit': 0.04,
  'crash after-audit-publish': 0.04,
  'crash after-replies': 0.04,
  'crash before-ack': 0.02,
  'crash between': 0.001,
  'database error': 0.04,
  'commit answer lost': 0.06,
  'publish refused': 0.08,
  'confirm lost': 0.08,
  'message twice': 0.15,
  'message again late': 0.1,
  'reply lost': 0.08,
  'channel closed': 0.02,
  'process paused': 0.01,
  'producer restarted': 0.02,
  'hit fails': 0.1,
  'hit hangs': 0.03,
};

export const FAULTS: readonly Fault[] = Object.keys(MOST) as readonly Fault[];

/** Some faults of each seed never strike, some seldom, some often: runs differ in kind. */
export class Faults {
  readonly struck: Map<Fault, number> = new Map<Fault, number>();
  readonly random: Random;
  readonly #chances: ReadonlyMap<Fault, number>;
  #isOver = false;

  constructor(seed: number) {
    this.random = seededRandom(seed);
    const levels = [0, 0, 0.2, 1];
    this.#chances = new Map(
      FAULTS.map((fault) => [fault, MOST[fault] * (levels[this.random.below(4)] ?? 0)]),
    );
  }

  /** Whether the fault strikes here and now. */
  strikes(fault: Fault): boolean {
    if (this.random.fraction() >= (this.#chances.get(fault) ?? 0) || this.#isOver) return false;
    this.struck.set(fault, (this.struck.get(fault) ?? 0) + 1);
    return true;
  }

  /** Ends all faults, so that the work under way can finish. */
  heal(): void {
    this.#isOver = true;
  }

  /** Draws how many milliseconds something takes: mostly few, now and then many. */
  latency(usualMs: number): number {
    const draw = this.random.fraction();
    return draw > 0.97 ? usualMs * (5 + 40 * this.random.fraction()) : usualMs * draw;
  }
}
