/** The bounds on the time and the hits that the legacy server may cost. */
import type { Backoff } from '../../shared/runtime/backoff.ts';
import type { BreakerRules } from './breaker.ts';

export type LegacyLimits = {
  readonly hitsAtOnceMax: number;
  /** The longest wait for one answer, including the connection. */
  readonly answerMs: number;
  readonly hitsPerAskMax: number;
  /** The longest time of an ask, with all its waits and hits. */
  readonly askMs: number;
  /** An ask with less time left than this starts no hit: it would likely be paid for and not used. */
  readonly hitMinMs: number;
  readonly retries: Backoff;
  readonly breaker: BreakerRules;
  /** How long closing waits for answers that are paid for. The slowest answer seen took 4 s. */
  readonly closeMs: number;
};

export const LEGACY_LIMITS: LegacyLimits = {
  hitsAtOnceMax: 64,
  answerMs: 10_000,
  hitsPerAskMax: 3,
  askMs: 15_000,
  hitMinMs: 1_000,
  retries: { firstMs: 200, longestMs: 2_000 },
  breaker: { failuresToOpen: 5, probes: { firstMs: 500, longestMs: 4_000 } },
  closeMs: 5_000,
};
