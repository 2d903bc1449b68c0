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

test('what is settled in time leaves the broker alone', async () => {
  const settled = unconfirmed.add();
  await timers.advance(900);
  settled();
  await timers.advance(60_000);
  expect(left).toEqual([]);
});

test('a message that is not confirmed for a second is too much, others notwithstanding', async () => {
  unconfirmed.add();
  await timers.advance(500);
  unconfirmed.add()();
  await timers.advance(500);
  expect(left).toEqual([1_000]);
});

test('after a broker was left the next is given twice as long, and what was under way is forgotten', async () => {
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

test('once all was calm for half a minute it is as before', async () => {
  unconfirmed.add();
  await timers.advance(40_000);
  unconfirmed.add();
  await timers.advance(1_000);
  expect(left).toEqual([1_000, 41_000]);
});

test('while nothing waits no timer is set, which would keep a process from ending', async () => {
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
