import { describe, expect, test } from '@jest/globals';
import {
  CLOSED_BREAKER,
  noteFailure,
  noteSuccess,
  passBreaker,
  type Breaker,
} from '../../../consumers/quote/breaker.ts';

const RULES = { failuresToOpen: 3, probes: { firstMs: 100, longestMs: 400 } };

const failed = (breaker: Breaker, times: number, now = 0): Breaker =>
  Array.from({ length: times }).reduce<Breaker>((last) => noteFailure(last, now, RULES), breaker);

/** Returns the breaker after a hit at an instant. Fails the test if no hit may go. */
function gone(breaker: Breaker, now: number): Breaker {
  const passage = passBreaker(breaker, now, RULES);
  if (!passage.mayGo) throw new Error(`no hit may go before ${passage.probeAt}`);
  return passage.breaker;
}

describe('the breaker', () => {
  test('lets every hit go while fewer fail in a row than its limit', () => {
    expect(passBreaker(failed(CLOSED_BREAKER, 2), 0, RULES).mayGo).toBe(true);
  });

  test('opens at its limit', () => {
    const passage = passBreaker(failed(CLOSED_BREAKER, 3), 0, RULES);
    expect(passage).toEqual({ mayGo: false, probeAt: 100 });
  });

  test('counts from zero after a success', () => {
    expect(failed(CLOSED_BREAKER, 2)).toEqual({ state: 'closed', failures: 2 });
    expect(failed(noteSuccess(), 2).state).toBe('closed');
  });

  test('lets one probe go when it is due, and no other before the next is', () => {
    const open = failed(CLOSED_BREAKER, 3);
    expect(passBreaker(open, 99, RULES).mayGo).toBe(false);
    const probed = gone(open, 100);
    expect(passBreaker(probed, 100, RULES)).toEqual({ mayGo: false, probeAt: 300 });
  });

  test('doubles the wait between probes up to its longest', () => {
    let breaker = failed(CLOSED_BREAKER, 3);
    const waits: number[] = [];
    for (let probe = 0, last = 0; probe < 5; probe += 1) {
      const passage = passBreaker(breaker, last, RULES);
      if (passage.mayGo) throw new Error('a probe went too soon');
      waits.push(passage.probeAt - last);
      last = passage.probeAt;
      breaker = gone(breaker, last);
    }
    expect(waits).toEqual([100, 200, 400, 400, 400]);
  });

  test('ignores failures while it is open, of its probe and of earlier hits', () => {
    const open = failed(CLOSED_BREAKER, 3);
    expect(noteFailure(open, 1_000, RULES)).toBe(open);
  });

  test('closes at any success', () => {
    expect(noteSuccess()).toEqual(CLOSED_BREAKER);
  });
});
