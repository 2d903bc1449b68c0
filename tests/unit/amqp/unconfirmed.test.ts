/** Tests how long a publisher waits for its broker before it changes to another. */
import { beforeEach, expect, test } from '@jest/globals';
import { openUnconfirmed, type Unconfirmed } from '../../../shared/amqp/unconfirmed.ts';
import { manualTimers, type ManualTimers } from '../../support/manual-timers.ts';

let timers: ManualTimers;
let unconfirmed: Unconfirmed;
let left: number[];

beforeEach(() => {
  timers = manualTimers();
  left = [];
  unconfirmed = openUnconfirmed(timers, () => void left.push(timers.now()));
});

test('confirms in time leave the broker alone', async () => {
  const settled = unconfirmed.add();
  await timers.advance(900);
  settled();
  await timers.advance(60_000);
  expect(left).toEqual([]);
});

test('one message without a confirm for a second is enough to leave, even if others are confirmed', async () => {
  unconfirmed.add();
  await timers.advance(500);
  unconfirmed.add()();
  await timers.advance(500);
  expect(left).toEqual([1_000]);
});

test('after a broker was left, the next gets twice as long, and messages under way are forgotten', async () => {
  unconfirmed.add();
  await timers.advance(1_000);
  await timers.advance(10_000);
  expect(left).toEqual([1_000]);
  unconfirmed.add();
  await timers.advance(1_800);
  expect(left).toEqual([1_000]);
  await timers.advance(200);
  expect(left).toEqual([1_000, 13_000]);
});

test('after half a minute of calm the wait is short again', async () => {
  unconfirmed.add();
  await timers.advance(40_000);
  unconfirmed.add();
  await timers.advance(1_000);
  expect(left).toEqual([1_000, 41_000]);
});

test('while nothing waits, no timer is set that would keep a process alive', async () => {
  expect(timers.pending()).toBe(0);
  const settled = unconfirmed.add();
  await timers.advance(300);
  settled();
  await timers.advance(200);
  expect(timers.pending()).toBe(0);
  unconfirmed.add();
  await timers.advance(1_000);
  expect(left).toEqual([1_500]);
});
