/** The table of commands: what each took one user who sends one after another. Pure. */
import { EARLIER_COMMANDS, EARLIER_SUM_S } from '../../infra/page/earlier.ts';
import type { Measured } from './measure.ts';
import type { Table } from '../../infra/page/table.ts';

export function commandTable({
  without,
  with: cached,
}: {
  readonly without: Measured;
  readonly with: Measured;
}): Table {
  const sum = ({ figures }: Measured): number =>
    figures.byCommand.reduce((total, { meanMs, count }) => total + meanMs * count, 0) / 1_000;
  const inAll = { without: sum(without), with: sum(cached) };
  const withOf = new Map(cached.figures.byCommand.map((each) => [each.name, each.meanMs / 1_000]));
  const seconds = (value: number | undefined, digits = 5): string =>
    value === undefined ? '–' : value.toFixed(digits);
  const share = (part: number, of: number): string => ((100 * part) / of).toFixed(2);
  const earlierShare = (part: number | undefined, of: number): string =>
    part === undefined ? '–' : share(part, of);
  const rows = without.figures.byCommand.map(({ name, count, meanMs }) => {
    const mean = meanMs / 1_000;
    const withMean = withOf.get(name) ?? 0;
    const earlier = EARLIER_COMMANDS[name];
    const earlierSum = (way: 'without' | 'with'): number | undefined =>
      earlier && earlier[way] * earlier.executed;
    return [
      name,
      `${seconds(mean)} // ${seconds(withMean)}`,
      count.toString(),
      `${(mean * count).toFixed(4)} // ${(withMean * count).toFixed(4)}`,
      `${share(mean * count, inAll.without)} // ${share(withMean * count, inAll.with)}`,
      `${seconds(earlier?.without)} // ${seconds(earlier?.with)}`,
      (earlier?.executed ?? 0).toString(),
      `${seconds(earlierSum('without'), 4)} // ${seconds(earlierSum('with'), 4)}`,
      `${earlierShare(earlierSum('without'), EARLIER_SUM_S.without)} // ${earlierShare(earlierSum('with'), EARLIER_SUM_S.with)}`,
    ];
  });
  return {
    title: '1 user, 100 commands, without // with a quote cache',
    note: 'Time: from publishing a command, in a message and a batch of its own, until its answer is here; the next is sent then. Legacy quotes, 0.67 s on average.',
    head: [
      ...['command', 'mean time (s)', 'executed', 'summed (s)', 'share (%)'],
      ...['earlier: mean (s)', 'executed', 'summed (s)', 'share (%)'],
    ],
    rows: [
      ...rows,
      [
        'total',
        '',
        '',
        `${inAll.without.toFixed(3)} // ${inAll.with.toFixed(3)}`,
        ...['', '', ''],
        `${EARLIER_SUM_S.without} // ${EARLIER_SUM_S.with}`,
        '',
      ],
    ],
  };
}
