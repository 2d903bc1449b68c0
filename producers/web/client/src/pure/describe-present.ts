/** Says in one line what the system does at present. */
import type { FigureGroup, OperationsView } from '../../../../../shared/web-api/operations.ts';
import type { FigureHistory } from './figure-history.ts';
import { formatCount } from './money.ts';
import { formatClock } from './time.ts';

export function describePresent(
  { processes }: Pick<OperationsView, 'processes'>,
  { at, lines }: FigureHistory,
): string {
  const last = at.at(-1);
  if (last === undefined) return 'The first figures come within seconds.';
  const latest = (group: FigureGroup, name?: string): number =>
    lines
      .filter((line) => line.of === group && (name === undefined || line.name === name))
      .reduce((sum, { values }) => sum + (values.at(-1) ?? 0), 0);
  const up = processes.filter((process) => process.up).length;
  const slowest = latest('answers', 'p99');
  return [
    up === processes.length
      ? `${up} processes work`
      : `${up} of ${processes.length} processes work`,
    `${formatCount(latest('commands'))} commands a second`,
    ...(slowest === 0 ? [] : [`99% of answers within ${formatCount(slowest * 1_000)} ms`]),
    `as of ${formatClock(last)}`,
  ].join(' · ');
}
