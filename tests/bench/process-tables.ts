/** What each process and the database took, as tables. Pure. */
import { EARLIER_PROCESS_S } from '../../infra/page/earlier.ts';
import { allRuns, type Report } from './report.ts';
import { mebibytes, whole, type Table } from '../../infra/page/table.ts';

const significant = (seconds: number): string => Number(seconds.toPrecision(3)).toString();

/** The earlier system's counterpart of a process, where it has one. */
function earlierSeconds(users: number, name: string): string {
  const found = EARLIER_PROCESS_S.get(users)?.[name];
  return found === undefined ? '–' : found.map(significant).join(' / ');
}

export const processTable = (report: Report): Table => ({
  title: 'CPU time and peak memory per process',
  note: 'Earlier: user / system seconds of its generator, transaction server, quote cache and audit server. Its memory: at most 40 MiB each up to 45 users.',
  head: ['run', 'process', 'user s', 'system s', 'earlier s', 'µs/command', 'peak'],
  rows: allRuns(report).flatMap(({ of, figures, processes: all }) =>
    all.map(({ name, cpuUserMs, cpuSystemMs, rssMaxBytes }) => [
      of.name,
      name,
      (cpuUserMs / 1_000).toFixed(2),
      (cpuSystemMs / 1_000).toFixed(2),
      earlierSeconds(of.users, name),
      (((cpuUserMs + cpuSystemMs) * 1_000) / figures.commands).toFixed(1),
      mebibytes(rssMaxBytes),
    ]),
  ),
});

export const statementTable = (report: Report): Table => ({
  title: 'Statements and round trips',
  note: 'A transaction that decides is two round trips, one that loads and one that saves. Wait: for a connection to the database, of a transaction on average.',
  head: [
    'run',
    'statements/command',
    'transactions',
    'commands a transaction',
    'round trips/command',
    'wait ms',
  ],
  rows: allRuns(report).map(({ of, figures, statements: all, batches, series }) => [
    of.name,
    (all.reduce((sum, { calls }) => sum + calls, 0) / figures.commands).toFixed(3),
    whole(batches),
    (figures.commands / Math.max(1, batches)).toFixed(1),
    ((2 * batches) / figures.commands).toFixed(4),
    (series.connections.waitedMs / Math.max(1, series.connections.taken)).toFixed(3),
  ]),
});
