/** The circuit breaker before the legacy server. Pure: the caller passes the time in. */
import type { Backoff } from '../../shared/runtime/backoff.ts';

/**
 * The states of the breaker:
 *
 * - *closed*: every hit may go. `failuresToOpen` failures in a row open it.
 * - *open*: hits wait, except for one *probe* whenever one is due. After each probe the wait for the
 *   next doubles, up to its maximum. Any success closes the breaker, even that of a hit which began
 *   before it opened; a failure changes nothing.
 *
 * A probe is an ordinary hit that an asker waits for, because every hit is paid for. The next probe
 * does not wait for the result of the last, so hanging probes do not hide that the server is back.
 */
export type Breaker =
  | { readonly state: 'closed'; readonly failures: number }
  | { readonly state: 'open'; readonly probes: number; readonly probeAt: number };

export type BreakerRules = {
  /** How many failures in a row open it. */
  readonly failuresToOpen: number;
  /** The wait before the first probe, and the longest wait between two probes. */
  readonly probes: Backoff;
};

export const CLOSED_BREAKER: Breaker = { state: 'closed', failures: 0 };

/** Whether a hit may go now; `breaker` is the new state if it goes. */
type Passage =
  | { readonly mayGo: true; readonly breaker: Breaker }
  | { readonly mayGo: false; readonly probeAt: number };

/** Decides whether a hit may go at the instant `now`. */
export function passBreaker(breaker: Breaker, now: number, rules: BreakerRules): Passage {
  if (breaker.state === 'closed') return { mayGo: true, breaker };
  if (now < breaker.probeAt) return { mayGo: false, probeAt: breaker.probeAt };
  return { mayGo: true, breaker: openUntilProbe(breaker.probes + 1, now, rules) };
}

/** Returns the breaker after a failed hit. */
export function noteFailure(breaker: Breaker, now: number, rules: BreakerRules): Breaker {
  if (breaker.state === 'open') return breaker;
  const failures = breaker.failures + 1;
  if (failures < rules.failuresToOpen) return { state: 'closed', failures };
  return openUntilProbe(0, now, rules);
}

/** Returns the breaker after a successful hit. */
export const noteSuccess = (): Breaker => CLOSED_BREAKER;

/** Adds no jitter: the probes of one process need not avoid those of another. */
function openUntilProbe(probes: number, now: number, { probes: wait }: BreakerRules): Breaker {
  const waitMs = Math.min(wait.firstMs * 2 ** Math.min(probes, 30), wait.longestMs);
  return { state: 'open', probes, probeAt: now + waitMs };
}
