/** The lines of a chart: which figures it shows, in which colours. */
import type { CommandName } from '../../../../../shared/domain/command-catalogue.ts';
import type { ChartSpec } from './figure-charts.ts';
import type { FigureHistory, FigureLine } from './figure-history.ts';

export type DrawnLine = {
  readonly label: string;
  /** The number of its colour, from 1 to `TONES`. */
  readonly tone: number;
  /** 1 for the full colour, 2 and 3 for lighter ones. */
  readonly shade: number;
  readonly values: FigureLine['values'];
};

/** The number of colours that can be told apart. */
export const TONES = 8;
const OTHERS = 'others';

/** Returns the lines of a chart in its unit: of many kinds, the most frequent ones and the sum of the others. */
export function linesOf(spec: ChartSpec, { lines }: FigureHistory): readonly DrawnLine[] {
  const known = Object.keys(spec.labels);
  const found = lines
    .filter(({ of, name }) => of === spec.of && (known.length === 0 || known.includes(name)))
    .map(({ name, values }) => ({ name, values: values.map((each) => each && each * spec.scale) }));
  if (known.length > 0) {
    return known.map((name, index) => ({
      label: spec.labels[name] ?? name,
      tone: index + 1,
      shade: 1,
      values: found.find((each) => each.name === name)?.values ?? [],
    }));
  }
  if (spec.kind === 'lines') return byProcess(found);
  if (spec.of === 'commands') return byKind(found);
  return mostFrequent(found);
}

type NamedLine = { readonly name: string; readonly values: FigureLine['values'] };

const sumOf = (values: FigureLine['values']): number =>
  values.reduce<number>((sum, value) => sum + (value ?? 0), 0);

const byName = (one: NamedLine, other: NamedLine): number => (one.name < other.name ? -1 : 1);

function mostFrequent(lines: readonly NamedLine[]): readonly DrawnLine[] {
  const used = lines.filter(({ values }) => sumOf(values) > 0);
  const ranked = used.toSorted((one, other) => sumOf(other.values) - sumOf(one.values));
  const shown = ranked.slice(0, used.length > TONES ? TONES - 1 : TONES).toSorted(byName);
  const rest = ranked.slice(shown.length);
  const drawn = shown.map(({ name, values }, index) => ({
    label: name.replaceAll('_', ' '),
    tone: index + 1,
    shade: 1,
    values,
  }));
  if (rest.length === 0) return drawn;
  const values = (rest[0]?.values ?? []).map((_, index) =>
    sumOf(rest.map((line) => line.values[index] ?? null)),
  );
  return [...drawn, { label: OTHERS, tone: TONES, shade: 1, values }];
}

/** The colour and the shade of each kind of command: those that belong together have shades of one colour. */
const KINDS: Readonly<Record<CommandName | 'FIRE', readonly [tone: number, shade: number]>> = {
  ADD: [1, 1],
  QUOTE: [2, 1],
  BUY: [3, 1],
  COMMIT_BUY: [3, 2],
  CANCEL_BUY: [3, 3],
  SELL: [4, 1],
  COMMIT_SELL: [4, 2],
  CANCEL_SELL: [4, 3],
  SET_BUY_AMOUNT: [5, 1],
  SET_BUY_TRIGGER: [5, 2],
  CANCEL_SET_BUY: [5, 3],
  SET_SELL_AMOUNT: [6, 1],
  SET_SELL_TRIGGER: [6, 2],
  CANCEL_SET_SELL: [6, 3],
  FIRE: [7, 1],
  DISPLAY_SUMMARY: [8, 1],
  DUMPLOG: [8, 2],
};

const byKind = (lines: readonly NamedLine[]): readonly DrawnLine[] =>
  Object.entries(KINDS).flatMap(([kind, [tone, shade]]) => {
    const line = lines.find(({ name }) => name === kind);
    const label = kind.toLowerCase().replaceAll('_', ' ');
    const isUsed = line !== undefined && sumOf(line.values) > 0;
    return isUsed ? [{ label, tone, shade, values: line.values }] : [];
  });

const POOLS = ['transaction', 'quote', 'trigger', 'audit', 'web', 'intake', 'supervisor'];

/** Processes of a pool have the same colour. */
const byProcess = (lines: readonly NamedLine[]): readonly DrawnLine[] =>
  lines
    .toSorted(byName)
    .map(({ name, values }) => ({ label: name, tone: toneOfProcess(name), shade: 1, values }));

export function toneOfProcess(name: string): number {
  const pool = POOLS.indexOf(name.replace(/-\d+$/, ''));
  return pool === -1 ? TONES : pool + 1;
}
