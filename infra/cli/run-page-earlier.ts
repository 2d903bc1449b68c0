/** Compares a run with the earlier system. Pure. */
import type { RunDetails } from '../../shared/pg/run-details.ts';
import { barChart, type Bar } from '../page/bars.ts';
import { EARLIER_PER_SECOND, EARLIER_SLOW_PER_SECOND } from '../page/earlier.ts';
import type { PageSection } from '../page/html-page.ts';
import { whole } from '../page/table.ts';
import type { FileResult } from './run-file.ts';

type ComparedRun = {
  readonly result: Pick<FileResult, 'commandsPerSecond'>;
  readonly details: Pick<RunDetails, 'users' | 'hitMeanS'>;
};

/** From this mean time of a hit on, the run is compared with the figures for slow quotes. */
const SLOW_HIT_S = 0.1;

const AT_ONCE = 'quotes at once';
const SLOW = 'a quote took 0.75 s';

/** Compares with the nearest number of users for which the earlier system was measured. */
export function compareWithEarlier({ result, details }: ComparedRun): {
  readonly users: number;
  readonly perSecond: number;
  readonly quotes: string;
  /** How many times as fast this run was. */
  readonly times: number;
} {
  const isSlow = details.hitMeanS >= SLOW_HIT_S;
  const figures = isSlow ? EARLIER_SLOW_PER_SECOND : EARLIER_PER_SECOND;
  const [users, perSecond] = nearest(figures, details.users);
  const times = result.commandsPerSecond / perSecond;
  return { users, perSecond, quotes: isSlow ? SLOW : AT_ONCE, times };
}

const distance = (one: number, other: number): number =>
  Math.abs(Math.log(Math.max(1, one) / Math.max(1, other)));

function nearest(figures: ReadonlyMap<number, number>, users: number): readonly [number, number] {
  const [first = [1, 1]] = [...figures].sort(
    ([one], [other]) => distance(one, users) - distance(other, users),
  );
  return first;
}

export function earlierSection(shown: ComparedRun): PageSection {
  const { quotes, users } = compareWithEarlier(shown);
  const bar = (of: string, figures: ReadonlyMap<number, number>): Bar => {
    const [count, value] = nearest(figures, shown.details.users);
    return { label: `earlier system, ${usersText(count)}, ${of}`, values: [value] };
  };
  const own = {
    label: `this run, ${usersText(shown.details.users)}`,
    values: [shown.result.commandsPerSecond],
  };
  const bars = [own, bar(AT_ONCE, EARLIER_PER_SECOND), bar(SLOW, EARLIER_SLOW_PER_SECOND)];
  const title = 'Beside the earlier system: commands a second';
  return {
    title,
    note:
      'The earlier system (Python, TCP sockets, PostgreSQL, 2020) ran on a machine with two cores. This run is ' +
      `compared with its figure for ${usersText(users)} where ${quotes}, the nearest that was measured.`,
    content: barChart(title, bars, whole),
  };
}

const usersText = (count: number): string => (count === 1 ? '1 user' : `${whole(count)} users`);
