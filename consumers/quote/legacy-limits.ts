/** The bounds on what the legacy server may cost us, in time and in hits. */
import type { Backoff } from '../../shared/runtime/backoff.ts';
import type { BreakerRules } from './breaker.ts';

export type LegacyLimits = {
  readonly hitsAtOnceMax: number;
  /** The longest wait for one answer, the connection included. */
  readonly answerMs: number;
  readonly hitsPerAskMax: number;
  /** The longest wait of an ask, whatever befalls it. */
  readonly askMs: number;
  /** With less than this left of an ask no hit is begun: it would more likely be paid for than used. */
  readonly worthMs: number;
  readonly retries: Backoff;
  readonly breaker: BreakerRules;
  /** How long closing waits for answers that are paid for; the longest seen took 4 s. */
  readonly closeMs: number;
};

export const LEGACY_LIMITS: LegacyLimits = {
  hitsAtOnceMax: 64,
  answerMs: 10_000,
  hitsPerAskMax: 3,
  askMs: 15_000,
  worthMs: 1_000,
  retries: { firstMs: 200, longestMs: 2_000 },
  breaker: { failuresToOpen: 5, probes: { firstMs: 500, longestMs: 4_000 } },
  closeMs: 5_000,
};
