import { expect, test } from '@jest/globals';
import { FirstStart } from '../../../infra/supervisor/first-start.ts';
import { manualTimers } from '../../support/manual-timers.ts';

const open = (): { timers: ReturnType<typeof manualTimers>; start: FirstStart } => {
  const timers = manualTimers();
  return { timers, start: new FirstStart((ends) => new Error(`it ended ${ends} times`), timers) };
};

test('a process that ends three times has failed', async () => {
  const { start, timers } = open();
  for (let ends = 0; ends < 3; ends += 1) start.ended(false);
  await expect(start.ready()).rejects.toThrow('it ended 3 times');
  expect(timers.pending()).toBe(0);
});

test('one that ends slowly has failed after 15 s, even if it is being restarted then', async () => {
  const { start, timers } = open();
  await timers.advance(8_000);
  start.ended(false);
  await timers.advance(7_000);
  await expect(start.ready()).rejects.toThrow('it ended 1 times');
});

test('one that ends for the first time after 15 s has failed at that time', async () => {
  const { start, timers } = open();
  await timers.advance(16_000);
  start.ended(false);
  await expect(start.ready()).rejects.toThrow('it ended 1 times');
});

test('one that is slow but does not end has not failed', async () => {
  const { start, timers } = open();
  await timers.advance(60_000);
  start.succeed();
  await start.ready();
  // It takes work, so from now on it is restarted without limit.
  for (let ends = 0; ends < 5; ends += 1) start.ended(false);
  await start.ready();
});

test('one that would end in the same way at the next start has failed at once', async () => {
  const { start } = open();
  start.ended(true);
  await expect(start.ready()).rejects.toThrow('it ended 1 times');
});
