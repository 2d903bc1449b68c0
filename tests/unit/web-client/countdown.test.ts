import { describe, expect, test } from '@jest/globals';
import {
  countdown,
  formatAge,
  formatTimeLeft,
  spokenCountdown,
} from '../../../producers/web/client/src/pure/countdown.ts';

describe('a countdown', () => {
  test('shows a second for as long as there is one', () => {
    expect(countdown(0, 60_000, 0)).toEqual({ secondsLeft: 60, fractionLeft: 1, isOver: false });
    expect(countdown(0, 60_000, 59_999).secondsLeft).toBe(1);
    expect(countdown(0, 60_000, 60_000)).toEqual({ secondsLeft: 0, fractionLeft: 0, isOver: true });
  });

  test('is never more than whole, where the clocks disagree a little', () => {
    expect(countdown(1_000, 61_000, 500).fractionLeft).toBe(1);
  });

  test('is spoken at a few moments alone', () => {
    const spoken = Array.from({ length: 61 }, (_, second) => second).filter(
      (second) => spokenCountdown(second) !== undefined,
    );
    expect(spoken).toEqual([5, 10, 30]);
  });
});

test.each([
  [-50, 'just now'],
  [12_400, '12 s ago'],
  [200_000, '3 min ago'],
  [7_300_000, '2 h ago'],
  [500_000_000, '5 d ago'],
])('an age of %d ms reads %s', (ageMs, text) => {
  expect(formatAge(ageMs)).toBe(text);
});

test.each([
  [0, '0 s'],
  [99, '99 s'],
  [100, '2 min'],
  [3_600, '60 min'],
  [5_941, '2 h'],
])('%i seconds left are shown as %s', (seconds, text) => {
  expect(formatTimeLeft(seconds)).toBe(text);
});
