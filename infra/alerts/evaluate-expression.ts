/** Evaluates an expression over scraped series, as Prometheus does. Pure. */
import type { Arithmetic, Comparison, Expression, Matcher, Selector } from './expression.ts';
import { growth, labelKey, valuesOf, type LabelledValue, type Snapshot } from './snapshot.ts';

export type Snapshots = {
  readonly present: Snapshot;
  /** The earlier ones, for ranges. */
  readonly past: readonly Snapshot[];
};

type Value = number | Vector;
type Vector = readonly LabelledValue[];

/** Returns the series for which the expression holds, with their values. */
export function evaluateExpression(expression: Expression, snapshots: Snapshots): Vector {
  const value = valueOf(expression, snapshots);
  return typeof value === 'number' ? [{ labels: {}, value }] : value;
}

function valueOf(expression: Expression, snapshots: Snapshots): Value {
  switch (expression.is) {
    case 'number':
      return expression.value;
    case 'selector':
      return select(expression, snapshots.present);
    case 'call':
      return call(expression, snapshots);
    case 'arithmetic': {
      const compute = ARITHMETIC_OF[expression.operator];
      return pairs(expression, snapshots).map(({ labels, left, right }) => ({
        labels,
        value: compute(left, right),
      }));
    }
    case 'comparison': {
      const holds = COMPARISON_OF[expression.operator];
      return pairs(expression, snapshots)
        .filter(({ left, right }) => holds(left, right))
        .map(({ labels, left }) => ({ labels, value: left }));
    }
    case 'set':
      return combine(expression, snapshots);
  }
}

const select = ({ name, matchers }: Selector, snapshot: Snapshot): Vector =>
  valuesOf(snapshot, name).filter(({ labels }) =>
    matchers.every((matcher) => matches(matcher, labels[matcher.label] ?? '')),
  );

function matches({ by, text }: Matcher, value: string): boolean {
  const isEqual =
    by === '=' || by === '!=' ? value === text : new RegExp(`^(?:${text})$`).test(value);
  return by.startsWith('!') ? !isEqual : isEqual;
}

type Call = Extract<Expression, { readonly is: 'call' }>;

function call({ name, of }: Call, snapshots: Snapshots): Vector {
  if (name === 'increase') return increase(of, snapshots);
  const vector = evaluateExpression(of, snapshots);
  const values = vector.map(({ value }) => value);
  if (name === 'absent') return vector.length === 0 ? [{ labels: {}, value: 1 }] : [];
  if (vector.length === 0) return [];
  if (name === 'count') return [{ labels: {}, value: vector.length }];
  const isSum = name === 'sum';
  const value = isSum ? values.reduce((sum, each) => sum + each, 0) : Math.max(...values);
  return [{ labels: {}, value }];
}

/** Sums the growth of each counter over the range, without Prometheus's extrapolation to its borders. */
function increase(of: Expression, { past, present }: Snapshots): Vector {
  if (of.is !== 'selector' || of.rangeMs === undefined) {
    throw new SyntaxError('increase needs the range of a series, such as name[10m]');
  }
  const from = present.at - of.rangeMs;
  const seen = new Map<string, { readonly last: LabelledValue; readonly sum: number }>();
  for (const snapshot of [...past.filter(({ at }) => at >= from), present]) {
    for (const last of select(of, snapshot)) {
      const key = labelKey(last.labels);
      const before = seen.get(key);
      const grown = before === undefined ? 0 : before.sum + growth(before.last.value, last.value);
      seen.set(key, { last, sum: grown });
    }
  }
  return [...seen.values()].map(({ last: { labels }, sum }) => ({ labels, value: sum }));
}

type Sides = { readonly left: Expression; readonly right: Expression };
type Pair = {
  readonly labels: LabelledValue['labels'];
  readonly left: number;
  readonly right: number;
};

/** Pairs the values of both sides by equal labels; a number pairs with every series. */
function pairs({ left, right }: Sides, snapshots: Snapshots): readonly Pair[] {
  const [one, other] = [valueOf(left, snapshots), valueOf(right, snapshots)];
  if (typeof other === 'number') {
    const vector = typeof one === 'number' ? [{ labels: {}, value: one }] : one;
    return vector.map(({ labels, value }) => ({ labels, left: value, right: other }));
  }
  if (typeof one === 'number') {
    return other.map(({ labels, value }) => ({ labels, left: one, right: value }));
  }
  const byLabels = new Map(other.map(({ labels, value }) => [labelKey(labels), value]));
  return one.flatMap(({ labels, value }) => {
    const paired = byLabels.get(labelKey(labels));
    return paired === undefined ? [] : [{ labels, left: value, right: paired }];
  });
}

const ARITHMETIC_OF: Readonly<Record<Arithmetic, (left: number, right: number) => number>> = {
  '+': (left, right) => left + right,
  '-': (left, right) => left - right,
  '*': (left, right) => left * right,
  '/': (left, right) => left / right,
};

const COMPARISON_OF: Readonly<Record<Comparison, (left: number, right: number) => boolean>> = {
  '==': (left, right) => left === right,
  '!=': (left, right) => left !== right,
  '>': (left, right) => left > right,
  '<': (left, right) => left < right,
  '>=': (left, right) => left >= right,
  '<=': (left, right) => left <= right,
};

function combine(
  { operator, on, left, right }: Extract<Expression, { readonly is: 'set' }>,
  snapshots: Snapshots,
): Vector {
  const keyOf = ({ labels }: LabelledValue): string =>
    on === undefined
      ? labelKey(labels)
      : labelKey(Object.fromEntries(on.map((name) => [name, labels[name] ?? ''])));
  const [one, other] = [evaluateExpression(left, snapshots), evaluateExpression(right, snapshots)];
  const keys = new Set((operator === 'or' ? one : other).map(keyOf));
  if (operator === 'or') return [...one, ...other.filter((each) => !keys.has(keyOf(each)))];
  return one.filter((each) => keys.has(keyOf(each)) === (operator === 'and'));
}
