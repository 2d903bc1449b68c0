/** A report as tables: the terminal prints them, the page shows them. Pure. */
import { EARLIER_COMMANDS, EARLIER_CPU_S, EARLIER_PER_SECOND } from './earlier.ts';
import type { Measured } from './measure.ts';
import { allRuns, cpuUsPerCommand, limitPerSecond, type Report } from './report.ts';

export type Table = {
  readonly title: string;
  /** How it is to be read. */
  readonly note: string;
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
};

const whole = (value: number): string => Math.round(value).toLocaleString('en-US');
const mebibytes = (bytes: number): string => `${whole(bytes / 2 ** 20)} MiB`;
const HIT_DOLLARS = 0.05;

export function tablesOf(report: Report): readonly Table[] {
  return [
    limits(report),
    runs(report),
    latency(report),
    ...(report.commandTable === undefined ? [] : [commands(report.commandTable)]),
    processes(report),
    statements(report),
    ...report.functions.map(({ of, functions }) => ({
      title: `Executions per function and second: ${of}`,
      note: 'Counted by V8 in a run of its own; the most frequent. The earlier system: its database cursor 7,000 a second with 1 user, 3,400 with 100.',
      head: ['function', 'a second'],
      rows: functions.map(({ name, perSecond }) => [name, whole(perSecond)]),
    })),
    others(report),
  ].filter(({ rows }) => rows.length > 0);
}

const limits = ({ limited }: Report): Table => ({
  title: 'Beside the limit',
  note: 'The limit: the same messages and rows through the same broker and database in the same run, nothing decided. The ratio of CPU time holds on a busy machine too.',
  head: ['run', 'commands/s', 'limit/s', 'ratio', 'µs CPU/command', 'of the limit', 'CPU ratio'],
  rows: limited.map(({ measured, limit }) => {
    const rate = measured.figures.commandsPerSecond;
    const cpu = cpuUsPerCommand(measured);
    const limitCpu = cpuUsPerCommand(limit);
    return [
      measured.of.name,
      whole(rate),
      whole(limitPerSecond(limit)),
      `${whole((100 * rate) / limitPerSecond(limit))} %`,
      cpu.toFixed(1),
      limitCpu.toFixed(1),
      `${whole((100 * limitCpu) / cpu)} %`,
    ];
  }),
});

const runs = (report: Report): Table => ({
  title: 'Runs',
  note: 'From the first publish to the last audit row. Every run is reconciled afterwards, as `daytrade verify` does. Hit ratio: of the uses of a quote, those that needed no hit.',
  head: [
    'run',
    'commands',
    'seconds',
    'commands/s',
    'earlier/s',
    'CPU s',
    'earlier CPU s',
    'hits',
    'cost',
    'hit ratio',
    'verify',
  ],
  rows: allRuns(report).map((measured) => {
    const { of, figures, broken, quoteUses: used } = measured;
    const earlier = EARLIER_PER_SECOND.get(of.users);
    const earlierCpu = EARLIER_CPU_S.get(of.users);
    return [
      of.name,
      whole(figures.commands),
      figures.seconds.toFixed(2),
      whole(figures.commandsPerSecond),
      earlier === undefined ? '–' : whole(earlier),
      ((cpuUsPerCommand(measured) * figures.commands) / 1e6).toFixed(2),
      earlierCpu === undefined ? '–' : earlierCpu.toString(),
      whole(figures.quoteHits),
      `$${(figures.quoteHits * HIT_DOLLARS).toFixed(2)}`,
      used === 0 ? '–' : `${(100 * (1 - figures.quoteHits / used)).toFixed(1)} %`,
      broken.length === 0 ? 'clean' : broken.join('; '),
    ];
  }),
});

const latency = ({ latency: runsAtRate }: Report): Table => ({
  title: 'Latency under load',
  note: 'Single commands at a fixed rate, open loop, from publish to answer.',
  head: ['rate', 'p50 ms', 'p99 ms', 'p99.9 ms'],
  rows: runsAtRate.map(({ of, figures: { latency: of_ } }) => [
    of.name,
    of_.p50Ms.toFixed(1),
    of_.p99Ms.toFixed(1),
    of_.p999Ms.toFixed(1),
  ]),
});

function commands({
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
  const seconds = (value: number | undefined): string =>
    value === undefined ? '–' : value.toFixed(5);
  const share = (part: number, of: number): string => ((100 * part) / of).toFixed(2);
  const rows = without.figures.byCommand.map(({ name, count, meanMs }) => {
    const mean = meanMs / 1_000;
    const withMean = withOf.get(name) ?? 0;
    const earlier = EARLIER_COMMANDS[name];
    return [
      name,
      `${seconds(mean)} // ${seconds(withMean)}`,
      count.toString(),
      `${(mean * count).toFixed(4)} // ${(withMean * count).toFixed(4)}`,
      `${share(mean * count, inAll.without)} // ${share(withMean * count, inAll.with)}`,
      `${seconds(earlier?.without)} // ${seconds(earlier?.with)}`,
    ];
  });
  return {
    title: '1 user, 100 commands, without // with a quote cache',
    note: 'Time: from publishing a command, in a message and a batch of its own, until its answer is here; the next is sent then. Legacy quotes, 0.67 s on average.',
    head: ['command', 'mean time (s)', 'executed', 'summed (s)', 'share (%)', 'earlier mean (s)'],
    rows: [
      ...rows,
      [
        'total',
        '',
        '',
        `${inAll.without.toFixed(3)} // ${inAll.with.toFixed(3)}`,
        '',
        '24.829 // 1.114',
      ],
    ],
  };
}

const processes = (report: Report): Table => ({
  title: 'CPU time and memory per process',
  note: 'Memory: the most that was seen. The earlier system: at most 40 MiB each up to 45 users.',
  head: ['run', 'process', 'user s', 'system s', 'µs/command', 'peak'],
  rows: allRuns(report).flatMap(({ of, figures, processes: all }) =>
    all.map(({ name, cpuUserMs, cpuSystemMs, rssMaxBytes }) => [
      of.name,
      name,
      (cpuUserMs / 1_000).toFixed(2),
      (cpuSystemMs / 1_000).toFixed(2),
      (((cpuUserMs + cpuSystemMs) * 1_000) / figures.commands).toFixed(1),
      mebibytes(rssMaxBytes),
    ]),
  ),
});

const statements = (report: Report): Table => ({
  title: 'Statements and round trips',
  note: 'A transaction is two round trips, one that loads and one that saves. Two batches are in flight at most, on two connections of their own: none ever waits for one.',
  head: [
    'run',
    'statements/command',
    'transactions',
    'commands a transaction',
    'round trips/command',
  ],
  rows: allRuns(report).map(({ of, figures, statements: all, batches }) => [
    of.name,
    (all.reduce((sum, { calls }) => sum + calls, 0) / figures.commands).toFixed(3),
    whole(batches),
    (figures.commands / Math.max(1, batches)).toFixed(1),
    ((2 * batches) / figures.commands).toFixed(4),
  ]),
});

function others({ dump, triggers }: Report): Table {
  const rows: string[][] = [];
  if (dump !== undefined) {
    const { events, seconds, memoryGrowthBytes } = dump;
    rows.push([
      `dump of ${whole(events)} events`,
      `${whole(events / seconds)} events/s`,
      `memory grew by ${mebibytes(memoryGrowthBytes)}`,
    ]);
  }
  if (triggers !== undefined) {
    const { armed, met, seconds } = triggers;
    rows.push([
      `a quote meets ${whole(met)} of ${whole(armed)} armed triggers`,
      `${seconds.toFixed(2)} s`,
      'until all are fired and audited',
    ]);
  }
  return { title: 'Dumps and triggers', note: '', head: ['what', 'figure', ''], rows };
}

/** A table as text; columns are aligned. */
export function renderTable({ title, note, head, rows }: Table): string {
  const widths = head.map((name, column) =>
    Math.max(name.length, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, column) =>
        column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0),
      )
      .join('  ');
  return [title, ...(note === '' ? [] : [note]), line(head), ...rows.map(line)].join('\n');
}
