import { expect, test } from '@jest/globals';
import {
  guessedOffset,
  narrowOffset,
  offsetBy,
  offsetHeard,
  serverTime,
} from '../../../producers/web/client/src/pure/server-clock.ts';

test('the server’s time is halfway between question and answer, whatever this device thinks', () => {
  const offset = narrowOffset(guessedOffset(0), offsetBy(1_000_000, 400_000, 400_200));
  expect(serverTime(400_100, offset)).toBe(1_000_000);
});

test('a slow answer does not spoil what a quick one has shown', () => {
  const quick = offsetBy(1_000_000, 0, 20);
  const slow = offsetBy(1_010_000, 5_000, 15_000);
  expect(narrowOffset(quick, slow)).toEqual(quick);
});

test('after a sleep, in which the page’s clock stood still, the new measurement counts', () => {
  const before = offsetBy(1_000_000, 0, 20);
  const after = offsetBy(5_000_000, 1_000, 1_020);
  expect(narrowOffset(before, after)).toEqual(after);
  // A message of the server alone shows that much time has passed at least.
  const heard = narrowOffset(before, offsetHeard(5_000_000, 1_020));
  expect(serverTime(1_020, heard)).toBe(5_000_000);
});

test('a message that was long on its way changes nothing', () => {
  const known = offsetBy(1_000_000, 0, 20);
  expect(narrowOffset(known, offsetHeard(1_000_000, 90_000))).toEqual(known);
});
