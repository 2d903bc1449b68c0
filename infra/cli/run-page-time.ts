/** The charts over time of a run's page. Pure. */
import type { Moment } from '../../producers/workload/moments.ts';
import type { PageSection } from '../page/html-page.ts';
import type { ShownRun } from './run-page-sections.ts';

type Series = NonNullable<PageSection['timelines']>[number]['series'][number];

export function overTimeSection({ result, details }: ShownRun): readonly PageSection[] {
  if (result.moments === undefined) return [];
  const { lengthS, all } = result.moments;
  const hits = new Map(details.hits.map(({ atS, count }) => [Math.round(atS / lengthS), count]));
  const series = (
    [name, colour, shape]: readonly [string, number, Series['shape']],
    valueOf: (moment: Moment, index: number) => number | undefined,
  ): Series => ({
    ...{ name, colour, shape },
    points: all.map((moment, index) => [moment.atS, valueOf(moment, index) ?? null]),
  });
  const timelines = [
    {
      title: 'Commands a second',
      unit: '/s',
      series: [
        series(['answered', 0, 'area'], ({ answered }) => answered / lengthS),
        series(['of these refused', 8, 'line'], ({ rejected }) => rejected / lengthS),
      ],
    },
    {
      title: 'From sending a message to its answer',
      unit: 'ms',
      series: [
        series(['99 of 100 within', 1, 'line'], ({ p99Ms }) => p99Ms),
        series(['half within', 0, 'line'], ({ p50Ms }) => p50Ms),
      ],
    },
    {
      title: 'Hits on the quote server, a second',
      unit: '/s',
      series: [series(['hits', 2, 'columns'], (_, index) => (hits.get(index) ?? 0) / lengthS)],
    },
  ];
  return [
    {
      title: 'Over time',
      note: 'Seconds from the start. A run sends as fast as it is answered, so that most of the time of a message is spent in line.',
      content: '',
      timelines,
    },
  ];
}
