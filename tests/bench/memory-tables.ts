/** Memory, and what more users and commands change, as tables. Pure. */
import type { Measured } from './measure.ts';
import { allRuns, type Report } from './report.ts';
import { mebibytes, percent, whole, type Table } from '../../infra/page/table.ts';

const OURS = /^(workload|transaction|quote|trigger|audit)(-\d+)?$/;

/** Resident memory at a share of the run's time, 0 to 1. */
function memoryAt({ memory }: Measured, name: string, share: number): number {
  const samples = memory.filter((sample) => sample.name === name);
  return samples[Math.floor((samples.length - 1) * share)]?.bytes ?? 0;
}

/** Of the largest run of each number of users. */
function largest(report: Report): readonly Measured[] {
  const byUsers = new Map<number, Measured>();
  for (const run of allRuns(report)) {
    const known = byUsers.get(run.of.users);
    if (known === undefined || run.of.commands >= known.of.commands) byUsers.set(run.of.users, run);
  }
  return [...byUsers.values()];
}

export const memoryTable = (report: Report): Table => ({
  title: 'Memory of our processes',
  note: `A bare Node process with our libraries: ${mebibytes(report.bareBytes)}. Aims: at most 60 MiB more at 100 users, 90 MiB more after 1,000,000 commands.`,
  head: ['run', 'process', 'peak', 'over bare', 'at a quarter', 'at the end'],
  rows: largest(report).flatMap((run) =>
    run.processes
      .filter(({ name }) => OURS.test(name))
      .map(({ name, rssMaxBytes }) => [
        run.of.name,
        name,
        mebibytes(rssMaxBytes),
        mebibytes(rssMaxBytes - report.bareBytes),
        mebibytes(memoryAt(run, name, 0.25)),
        mebibytes(memoryAt(run, name, 1)),
      ]),
  ),
});

/** Throughput where only one thing grows, against the smallest. */
export function growthTable({ growth }: Report): Table {
  const [first] = growth;
  return {
    title: 'Growth',
    note: 'Pack 16, quotes at once. Aim: within 10 % of the first.',
    head: ['run', 'commands', 'commands/s', 'of the first', 'µs CPU/command', 'verify'],
    rows: growth.map(({ of, figures, processes, broken }) => [
      of.name,
      whole(figures.commands),
      whole(figures.commandsPerSecond),
      percent(figures.commandsPerSecond / (first?.figures.commandsPerSecond ?? 1)),
      (
        (processes.reduce((sum, each) => sum + each.cpuUserMs + each.cpuSystemMs, 0) * 1_000) /
        figures.commands
      ).toFixed(1),
      broken.length === 0 ? 'clean' : broken.join('; '),
    ]),
  };
}
