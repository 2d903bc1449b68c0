import { describe, expect, test } from '@jest/globals';
import { evaluateExpression } from '../../../infra/alerts/evaluate-expression.ts';
import { parseExpression } from '../../../infra/alerts/expression.ts';
import { renderAlert } from '../../../infra/alerts/render-alert.ts';
import type { Snapshot } from '../../../infra/alerts/snapshot.ts';
import { groupBy } from '../../../infra/figures/group-by.ts';
import { parseSeries } from '../../../infra/figures/parse-series.ts';

const snapshot = (text: string, at = 0): Snapshot => ({
  at,
  series: groupBy(
    parseSeries(text, () => true),
    ({ name }) => name,
  ),
});

const PRESENT = snapshot(`
# HELP free Free bytes.
free{disk="a"} 5
free{disk="b"} 50
size{disk="a"} 100
size{disk="b"} 100
away{disk="b",why="cut"} 1
`);

/** Returns the values by the label `disk`. */
const found = (text: string, present = PRESENT): readonly (readonly [string, number])[] =>
  evaluateExpression(parseExpression(text), { past: [], present }).map(({ labels, value }) => [
    labels['disk'] ?? '',
    value,
  ]);

describe('an expression', () => {
  test.each([
    [
      'free',
      [
        ['a', 5],
        ['b', 50],
      ],
    ],
    ['free{disk="b"}', [['b', 50]]],
    ['free{disk!="b"}', [['a', 5]]],
    ['free{disk=~"a|c", disk!~"c"}', [['a', 5]]],
    ['free{disk=~"x?"}', []],
    ['free / size < 0.1', [['a', 0.05]]],
    ['2 * free + 1 - 1 > 20', [['b', 100]]],
    ['size < 2 * free', []],
    [
      'free >= 5 and size',
      [
        ['a', 5],
        ['b', 50],
      ],
    ],
    ['free unless on (disk) away', [['a', 5]]],
    [
      'free unless away',
      [
        ['a', 5],
        ['b', 50],
      ],
    ],
    [
      'free < 10 or size',
      [
        ['a', 5],
        ['b', 100],
      ],
    ],
    ['max(free)', [['', 50]]],
    ['sum(free)', [['', 55]]],
    ['count(free > 10) == 1', [['', 1]]],
    ['absent(free > 100)', [['', 1]]],
    ['absent(free)', []],
    ['max(nothing)', []],
    ['(free != 5)', [['b', 50]]],
  ])('%s', (text, expected) => {
    expect(found(text)).toEqual(expected);
  });

  test('sums the growth of a counter over a range, also across a fresh start', () => {
    const counted = (value: number, minute: number): Snapshot =>
      snapshot(`c{disk="a"} ${value}`, minute * 60_000);
    const counts = { past: [3, 5, 1].map(counted), present: counted(2, 3) };
    const grown = (text: string): readonly number[] =>
      evaluateExpression(parseExpression(text), counts).map(({ value }) => value);
    expect(grown('increase(c[10m])')).toEqual([4]);
    expect(grown('increase(c[1m])')).toEqual([1]);
  });

  test.each(['free <', 'rate(free)', 'free{disk~"a"}', 'free)', 'free $', 'increase(free)'])(
    'that the rules do not use is refused: %s',
    (text) => {
      expect(() =>
        evaluateExpression(parseExpression(text), { past: [], present: PRESENT }),
      ).toThrow(SyntaxError);
    },
  );
});

test('a summary names labels and values, and nothing unknown', () => {
  const render = (template: string, value: number): string =>
    renderAlert(template, { labels: { name: 'audit-1' }, value });
  expect(render('{{ $labels.name }}: {{ $value | printf "%.0f" }}', 3.7)).toBe('audit-1: 4');
  expect(render('{{ $value | humanizeDuration }}', 3_725)).toBe('1h 2m 5s');
  expect(render('{{ $value | humanizeDuration }}', 0)).toBe('0s');
  expect(() => render('{{ $externalURL }}', 1)).toThrow(SyntaxError);
});
