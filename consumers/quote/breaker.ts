/** The circuit breaker before the legacy server: pure, the caller brings the time. */
import type { Backoff } from '../../shared/runtime/backoff.ts';

/**
 * *Closed*, every hit may go, and failures in a row are counted. At the limit it *opens*: hits wait,
 * but for one *probe* whenever one is due, the next of them twice as long after it. A probe is
 * nothing but a hit that someone waits for, since every hit is paid for; and the next may go while
 * the last still hangs, so a server that answers again is found out however many hang. Any success
 * closes it, also that of a hit from before it opened; a failure while it is open changes nothing.
 */
export type Breaker =
  | { readonly state: 'closed'; readonly failures: number }
  | { readonly state: 'open'; readonly probes: number; readonly probeAt: number };

export type BreakerRules = {
  /** So many failures in a row open it. */
  readonly failuresToOpen: number;
  /** How long after it opened the first probe may go, and the longest wait between two. */
  readonly probes: Backoff;
};

export const CLOSED_BREAKER: Breaker = { state: 'closed', failures: 0 };

/** Whether a hit may go now; `breaker` is its state once that hit has gone. */
export type Passage =
  | { readonly mayGo: true; readonly breaker: Breaker }
  | { readonly mayGo: false; readonly probeAt: number };

export function passBreaker(breaker: Breaker, now: number, rules: BreakerRules): Passage {
  if (breaker.state === 'closed') return { mayGo: true, breaker };
  if (now < breaker.probeAt) return { mayGo: false, probeAt: breaker.probeAt };
  return { mayGo: true, breaker: openUntilProbe(breaker.probes + 1, now, rules) };
}

export function noteFailure(breaker: Breaker, now: number, rules: BreakerRules): Breaker {
  if (breaker.state === 'open') return breaker;
  const failures = breaker.failures + 1;
  if (failures < rules.failuresToOpen) return { state: 'closed', failures };
  return openUntilProbe(0, now, rules);
}

export const noteSuccess = (): Breaker => CLOSED_BREAKER;

/** No jitter: the probes of one process meet nobody else's. */
function openUntilProbe(probes: number, now: number, { probes: wait }: BreakerRules): Breaker {
  const waitMs = Math.min(wait.firstMs * 2 ** Math.min(probes, 30), wait.longestMs);
  return { state: 'open', probes, probeAt: now + waitMs };
}
