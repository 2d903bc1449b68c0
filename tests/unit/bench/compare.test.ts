import { describe, expect, test } from '@jest/globals';
import { comparisonTables, type Turn } from '../../bench/comparison.ts';
import { renderSpread, spreadOf } from '../../bench/spread.ts';
import { neighbourRatios, turnOrder } from '../../bench/turns.ts';

describe('the order of turns', () => {
  test('alternates which side comes first', () => {
    const letters = turnOrder(3).map((side) => (side === 'before' ? 'A' : 'B'));
    expect(letters.join(' ')).toBe('A B B A A B');
  });

  test('gives each side as many turns as there are repeats', () => {
    for (const repeats of [1, 2, 5]) {
      const order = turnOrder(repeats);
      expect(order.filter((side) => side === 'before')).toHaveLength(repeats);
      expect(order.filter((side) => side === 'after')).toHaveLength(repeats);
    }
  });
});

describe('a spread', () => {
  test('has the median, the least and the most, for any order', () => {
    expect(spreadOf([9, 1, 10])).toEqual({ median: 9, least: 1, most: 10 });
  });

  test('has the mean of the middle two of an even number of values', () => {
    expect(spreadOf([4, 1, 2, 100])).toEqual({ median: 3, least: 1, most: 100 });
  });

  test('is rendered with its range, and as one value if there is only one', () => {
    expect(renderSpread([3, 1, 2], String)).toBe('2 (1–3)');
    expect(renderSpread([7], String)).toBe('7');
  });
});

test('ratios are of neighbours, so that a slower machine changes none', () => {
  expect(neighbourRatios([100, 50, 10], [200, 100, 20])).toEqual([2, 2, 2]);
});

describe('a comparison', () => {
  const turn = (side: Turn['side'], commandsPerSecond: number, broken: string[] = []): Turn => ({
    side,
    figures: [
      { name: 'one', commandsPerSecond, cpuUs: 50, p50Ms: 2, p99Ms: 9, others: 0.1, broken },
    ],
  });
  const [table, ...rest] = comparisonTables({
    machine: 'any',
    at: '',
    names: { before: 'REF', after: 'this tree' },
    turns: [
      turn('before', 100),
      turn('after', 150),
      turn('after', 80, ['cash']),
      turn('before', 40),
    ],
  });

  test('has a table for each case, with the sides and their ratio', () => {
    expect(rest).toEqual([]);
    expect(table?.head).toEqual(['', 'REF', 'this tree', 'ratio']);
    expect(table?.rows[0]).toEqual([
      'commands/s',
      '70 (40–100)',
      '115 (80–150)',
      '1.75 (1.50–2.00)',
    ]);
  });

  test('reports the CPU use of others and broken invariants', () => {
    const row = (label: string): readonly string[] | undefined =>
      table?.rows.find(([first]) => first === label);
    expect(row('CPU used by others')?.slice(1, 3)).toEqual([
      '10 % (10 %–10 %)',
      '10 % (10 %–10 %)',
    ]);
    expect(row('verify')).toEqual(['verify', 'clean', 'cash', '']);
  });
});
