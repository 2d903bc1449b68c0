/** A comparison of two builds, as one table for each case. Pure. */
import { percent, whole, type Table } from '../../infra/page/table.ts';
import { renderSpread } from './spread.ts';
import type { TurnFigures } from './turn.ts';
import { neighbourRatios, type Side } from './turns.ts';

export type Turn = { readonly side: Side; readonly figures: readonly TurnFigures[] };

export type Comparison = {
  readonly machine: string;
  readonly at: string;
  readonly names: Readonly<Record<Side, string>>;
  /** In the order in which they ran. */
  readonly turns: readonly Turn[];
};

type Figure = 'commandsPerSecond' | 'cpuUs' | 'p50Ms' | 'p99Ms' | 'others';

const oneDigit = (value: number): string => value.toFixed(1);
const twoDigits = (value: number): string => value.toFixed(2);

export function comparisonTables(comparison: Comparison): readonly Table[] {
  const names = comparison.turns[0]?.figures.map(({ name }) => name) ?? [];
  return names.map((name) => tableOf(comparison, name));
}

function tableOf({ names, turns }: Comparison, name: string): Table {
  const of = (side: Side): readonly TurnFigures[] =>
    turns
      .filter((turn) => turn.side === side)
      .flatMap(({ figures }) => figures.filter((each) => each.name === name));
  const [before, after] = [of('before'), of('after')];
  const row = (label: string, figure: Figure, render: (value: number) => string): string[] => {
    const [first, second] = [before, after].map((all) => all.map((each) => each[figure]));
    const ratios = neighbourRatios(first ?? [], second ?? []);
    return [
      label,
      renderSpread(first ?? [], render),
      renderSpread(second ?? [], render),
      figure === 'others' ? '' : renderSpread(ratios, twoDigits),
    ];
  };
  const brokenIn = (all: readonly TurnFigures[]): string =>
    [...new Set(all.flatMap(({ broken }) => broken))].join('; ') || 'clean';
  return {
    title: name,
    note: `Median (range) of ${before.length}. Ratio: the right ÷ the left of neighbouring turns.`,
    head: ['', names.before, names.after, 'ratio'],
    rows: [
      row('commands/s', 'commandsPerSecond', whole),
      row('µs CPU/command', 'cpuUs', oneDigit),
      row('p50 ms', 'p50Ms', oneDigit),
      row('p99 ms', 'p99Ms', oneDigit),
      row('CPU used by others', 'others', percent),
      ['verify', brokenIn(before), brokenIn(after), ''],
    ],
  };
}
