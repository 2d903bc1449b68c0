/** What the operations page computes. */
import { describe, expect, test } from '@jest/globals';
import {
  describeAge,
  describeHealth,
  partsOf,
} from '../../../producers/web/client/src/pure/describe-health.ts';
import { describePresent } from '../../../producers/web/client/src/pure/describe-present.ts';
import { CHARTS, describeCost } from '../../../producers/web/client/src/pure/figure-charts.ts';
import {
  amountOf,
  extendFigures,
  figuresFrom,
  NO_FIGURES,
  sampleAt,
  type FigureHistory,
} from '../../../producers/web/client/src/pure/figure-history.ts';
import {
  linesOf,
  TONES,
  toneOfProcess,
} from '../../../producers/web/client/src/pure/figure-lines.ts';
import {
  areaPath,
  highestOf,
  linePath,
  PLOT_WIDTH,
  scaleTop,
  stacked,
} from '../../../producers/web/client/src/pure/plot.ts';
import { COMMAND_NAMES } from '../../../shared/domain/command-catalogue.ts';
import type {
  FigureGroup,
  FigureTrack,
  OperationsAlert,
} from '../../../shared/web-api/operations.ts';

const track = (
  of: FigureGroup,
  name: string,
  ...values: readonly (number | null)[]
): FigureTrack => ({ of, name, values: [...values] });

describe('the sentence', () => {
  const alert = (summary: string, firing: boolean): OperationsAlert => ({
    ...{ name: 'Any', summary, since: 0, firing, means: '', look: '', remedy: '', see: [] },
  });
  const health = (alerts: readonly OperationsAlert[], ageMs = 0) =>
    describeHealth({ alerts: [...alerts], everyMs: 5_000 }, ageMs);

  test('says that nothing is wrong', () => {
    expect(health([])).toEqual({ tone: 'good', sentence: 'Nothing is wrong.' });
  });

  test('says what is wrong, and how many things are', () => {
    expect(health([alert('quote-1 takes no work', true)])).toEqual({
      tone: 'bad',
      sentence: 'quote-1 takes no work.',
    });
    expect(health([alert('A', true), alert('B', false), alert('C', true)])).toEqual({
      tone: 'bad',
      sentence: '2 things are wrong: A; C.',
    });
  });

  test('says what may be wrong while no alarm fires', () => {
    expect(health([alert('A', false)])).toEqual({ tone: 'warn', sentence: 'Perhaps: A.' });
    expect(health([alert('A', false), alert('B', false)]).sentence).toBe(
      '2 things may be wrong: A; B.',
    );
  });

  test('says first that it does not know', () => {
    const { tone, sentence } = health([alert('A', true)], 40_000);
    expect([tone, sentence]).toEqual([
      'warn',
      expect.stringContaining('No figures have come for 40 s'),
    ]);
    expect(health([], 15_000).tone).toBe('good');
  });

  test('comes with ages and with texts of the runbook', () => {
    expect([0, 119_000, 120_000, 7_300_000].map(describeAge)).toEqual([
      '0 s',
      '119 s',
      '2 min',
      '2 h',
    ]);
    expect(partsOf('run `daytrade status`.')).toEqual(['run ', 'daytrade status', '.']);
  });

  test('and with what the system does', () => {
    const figures: FigureHistory = {
      at: [0],
      lines: [
        track('commands', 'ADD', 3),
        track('commands', 'BUY', 4),
        track('answers', 'p99', 0.0421),
      ],
    };
    const processes = [
      { name: 'audit-1', up: true, restarts: 0 },
      { name: 'audit-2', up: false, restarts: 1 },
    ];
    expect(describePresent({ processes }, figures)).toMatch(
      /^1 of 2 processes work · 7 commands a second · 99% of answers within 42 ms · as of /,
    );
    expect(describePresent({ processes }, NO_FIGURES)).toBe(
      'The first figures come within seconds.',
    );
  });
});

describe('the last hour', () => {
  const keptMs = 100;

  test('grows by what is new, with gaps for what was not known', () => {
    const first = { keptMs, at: [10, 20], tracks: [track('commands', 'ADD', 1, 2)] };
    const later = { keptMs, at: [30], tracks: [track('commands', 'BUY', 5)] };
    expect(extendFigures(extendFigures(NO_FIGURES, first), later)).toEqual({
      at: [10, 20, 30],
      lines: [track('commands', 'ADD', 1, 2, null), track('commands', 'BUY', null, null, 5)],
    });
  });

  test('drops what is older, and a figure that is gone', () => {
    const first = {
      keptMs,
      at: [10, 20],
      tracks: [track('cpu', 'a', 1, 1), track('cpu', 'b', 1, 2)],
    };
    const later = { keptMs, at: [115], tracks: [] };
    expect(extendFigures(extendFigures(NO_FIGURES, first), later)).toEqual({
      at: [20, 115],
      lines: [track('cpu', 'a', 1, null), track('cpu', 'b', 2, null)],
    });
    const last = { keptMs, at: [200], tracks: [] };
    const all = [first, later, last].reduce(extendFigures, NO_FIGURES);
    expect(all).toEqual({ at: [115, 200], lines: [] });
  });

  test('is cut to a range, and looked at by the nearest sample', () => {
    const figures = { at: [10, 20, 30], lines: [track('cpu', 'a', 1, 2, 3)] };
    expect(figuresFrom(figures, 15)).toEqual({ at: [20, 30], lines: [track('cpu', 'a', 2, 3)] });
    expect(figuresFrom(figures, 40)).toEqual({ at: [], lines: [track('cpu', 'a')] });
    expect([0, 14, 16, 99, undefined].map((at) => sampleAt(figures.at, at))).toEqual([
      0, 0, 1, 2, 2,
    ]);
  });

  test('adds a rate up to an amount, and that to money', () => {
    expect(amountOf([0, 5_000, 10_000], [9, 2, null])).toBe(10);
    expect(describeCost(7, 250, 5)).toBe('$0.35 paid; without a cache $12.50');
    // Triggers have quotes asked for, too, which no command looks up.
    expect(describeCost(7, 0, 5)).toBe('$0.35 paid; without a cache $0.35');
  });
});

describe('a plot', () => {
  const axes = { at: [0, 10, 20], span: { from: 0, to: 20 }, top: 10 };

  test('has a round scale', () => {
    expect([0, 0.3, 1, 1.2, 4.9, 50, 51].map((highest) => scaleTop(highest, 0))).toEqual([
      1, 0.5, 1, 2, 5, 50, 100,
    ]);
    expect(scaleTop(3, 10)).toBe(10);
    expect(highestOf([[1, null], [3, 2], []])).toBe(3);
  });

  test('interrupts a line where nothing is known, and draws a lone value as a dot', () => {
    expect(linePath([0, 5, 20], axes)).toBe(`M0 100L500 50L${PLOT_WIDTH} 0`);
    expect(linePath([0, null, 10], axes)).toBe(`M0 100h0M${PLOT_WIDTH} 0h0`);
    expect(linePath([null, null, null], axes)).toBe('');
  });

  test('lays areas on each other', () => {
    const [lower = [], upper = []] = stacked([
      [1, null, 1],
      [4, 5, 4],
    ]);
    expect([lower, upper]).toEqual([
      [1, 0, 1],
      [5, 5, 5],
    ]);
    expect(areaPath(upper, lower, axes)).toBe('M0 50L500 50L1000 50L1000 90L500 100L0 90Z');
  });
});

describe('the charts', () => {
  const lines = (of: FigureGroup, ...tracks: readonly FigureTrack[]) => {
    const spec = CHARTS.find((chart) => chart.of === of);
    if (spec === undefined) throw new Error(`no chart of ${of}`);
    return linesOf(spec, { at: [0], lines: tracks });
  };

  test('show every kind of command, those that belong together in one colour', () => {
    const kinds = [...COMMAND_NAMES, 'FIRE'];
    const drawn = lines('commands', ...kinds.map((kind) => track('commands', kind, 1)));
    expect(drawn).toHaveLength(kinds.length);
    const tone = (label: string) => drawn.find((line) => line.label === label)?.tone;
    expect(tone('commit buy')).toBe(tone('buy'));
    expect(new Set(drawn.map((line) => `${line.tone} ${line.shade}`)).size).toBe(kinds.length);
  });

  test('show the most frequent reasons, and the sum of the others', () => {
    const many = Array.from({ length: 10 }, (_, index) => track('refusals', `r${index}`, index));
    const drawn = lines('refusals', ...many);
    expect(drawn).toHaveLength(TONES);
    // 0 is left out, and 1 and 2 are the least of the other nine, per minute.
    expect(drawn.at(-1)).toMatchObject({ label: 'others', values: [180] });
  });

  test('have a colour for each pool, and a unit', () => {
    expect(toneOfProcess('audit-1')).toBe(toneOfProcess('audit-2'));
    expect(toneOfProcess('postgresql')).toBe(TONES);
    expect(lines('cpu', track('cpu', 'web-1', 0.5))).toMatchObject([
      { label: 'web-1', values: [50] },
    ]);
    expect(lines('quotes', track('quotes', 'hits', 0.5))).toMatchObject([
      { label: 'hits', values: [30] },
      { label: 'look-ups', values: [] },
    ]);
  });
});
