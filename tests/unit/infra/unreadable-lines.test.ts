import { expect, test } from '@jest/globals';
import { collectUnreadable, unreadableRows } from '../../../infra/cli/unreadable-lines.ts';
import type { UnreadableLine } from '../../../producers/workload/read-workload.ts';

const backwards = (line: number): UnreadableLine => ({
  line,
  reason: `number ${line} is not greater than 99999, the last good one`,
  fault: 'number-not-greater',
});

test('many lines with one reason are reported once, with their count and the remedy', () => {
  const unreadable = collectUnreadable();
  for (let line = 1; line <= 10_000; line += 1) unreadable.add(backwards(line));
  unreadable.add({ line: 10_001, reason: '"-5" is not an amount', fault: 'bad-amount' });
  const rows = unreadableRows(unreadable);
  expect(rows).toEqual([
    ['unreadable', '10,001'],
    [
      '  10,000 lines',
      'their numbers go backwards: give the parts as several files (workload A B …), or use --number',
    ],
    ['    line 1', 'number 1 is not greater than 99999, the last good one'],
    ['  line 10001', '"-5" is not an amount'],
  ]);
  expect(unreadable.first.length).toBeLessThan(1_010);
});

test('few lines are reported one by one, with their file if there are several', () => {
  const unreadable = collectUnreadable();
  unreadable.add({ ...backwards(7), file: 'part-2' });
  expect(unreadableRows(unreadable)).toEqual([
    ['unreadable', '1'],
    ['  part-2, line 7', 'number 7 is not greater than 99999, the last good one'],
  ]);
});

test('a run without unreadable lines has no row', () => {
  expect(unreadableRows(collectUnreadable())).toEqual([]);
});
