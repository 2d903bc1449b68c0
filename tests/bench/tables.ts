/** A report as tables. Pure. */
import { CENTS_PER_HIT } from '../../shared/domain/quote.ts';
import { commandTable } from './command-table.ts';
import { EARLIER_CPU_S, EARLIER_PER_SECOND } from '../../infra/page/earlier.ts';
import { growthTable, memoryTable } from './memory-tables.ts';
import { processTable, statementTable } from './process-tables.ts';
import { mebibytes, percent, whole, type Table } from '../../infra/page/table.ts';
import { legacyTable, quoteTable } from './quote-tables.ts';
import {
  allRuns,
  cpuUsPerCommand,
  limitPerSecond,
  othersShare,
  type Report,
  type Usage,
} from './report.ts';

const HIT_DOLLARS = CENTS_PER_HIT / 100;

const others = (usage: Usage): string => percent(othersShare(usage));

export function tablesOf(report: Report): readonly Table[] {
  return [
    limits(report),
    runs(report),
    latency(report),
    webTable(report),
    ...(report.commandTable === undefined ? [] : [commandTable(report.commandTable)]),
    processTable(report),
    memoryTable(report),
    growthTable(report),
    statementTable(report),
    quoteTable(report),
    legacyTable(report),
    ...report.functions.map(({ of, functions }) => ({
      title: `Executions per function and second: ${of}`,
      note: 'Counted by V8 in a run of its own; the most frequent. The earlier system: its database cursor 7,000 a second with 1 user, 3,400 with 100.',
      head: ['function', 'a second'],
      rows: functions.map(({ name, perSecond }) => [name, whole(perSecond)]),
    })),
    dumpsAndTriggers(report),
  ].filter(({ rows }) => rows.length > 0);
}

const limits = ({ limited }: Report): Table => ({
  title: 'Beside the limit',
  note: 'The limit: the same messages and rows through the same broker and database in the same run, nothing decided. The ratio of CPU time holds on a busy machine too. Others: the share of the CPU time that went to what is not of the run, and of the limit.',
  head: [
    ...['run', 'commands/s', 'limit/s', 'ratio', 'µs CPU/command', 'of the limit', 'CPU ratio'],
    'others',
  ],
  rows: limited.map(({ measured, limit }) => {
    const rate = measured.figures.commandsPerSecond;
    const cpu = cpuUsPerCommand(measured);
    const limitCpu = cpuUsPerCommand(limit);
    return [
      measured.of.name,
      whole(rate),
      whole(limitPerSecond(limit)),
      percent(rate / limitPerSecond(limit)),
      cpu.toFixed(1),
      limitCpu.toFixed(1),
      percent(limitCpu / cpu),
      `${others(measured)}, ${others(limit)}`,
    ];
  }),
});

const runs = (report: Report): Table => ({
  title: 'Runs',
  note: 'From the first publish to the last audit row. Every run is reconciled afterwards, as `daytrade verify` does. Hit ratio: of the uses of a quote, those that needed no hit. Others: as above.',
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
    'others',
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
      others(measured),
      broken.length === 0 ? 'clean' : broken.join('; '),
    ];
  }),
});

const webTable = ({ web }: Report): Table => ({
  title: 'Over HTTPS',
  note: 'Each user has a connection, a token, and one unanswered command. µs CPU/command is that of the system; that of the generator, which shares the cores, stands beside it.',
  head: [
    'run',
    'commands/s',
    'p50 ms',
    'p99 ms',
    'µs CPU/command',
    'generator',
    'others',
    'verify',
  ],
  rows: web.map((measured) => {
    const { of, figures, processes, broken } = measured;
    const { p50Ms, p99Ms } = figures.latency;
    const [generator, system] = [true, false].map((isGenerator) =>
      cpuUsPerCommand({
        figures,
        processes: processes.filter(({ name }) => (name === 'workload') === isGenerator),
      }),
    );
    return [
      ...[of.name, whole(figures.commandsPerSecond), p50Ms.toFixed(1), p99Ms.toFixed(1)],
      ...[system, generator].map((us = 0) => us.toFixed(0)),
      others(measured),
      broken.length === 0 ? 'clean' : broken.join('; '),
    ];
  }),
});

const latency = ({ latency: runsAtRate }: Report): Table => ({
  title: 'Latency under load',
  note: 'Single commands at a fixed rate, open loop, from the time a command was due to its answer.',
  head: ['rate', 'p50 ms', 'p99 ms', 'p99.9 ms', 'commands a batch', 'cores busy', 'others'],
  rows: runsAtRate.map((measured) => {
    const { of, figures, batches } = measured;
    const { p50Ms, p99Ms, p999Ms } = figures.latency;
    return [
      of.name,
      ...[p50Ms, p99Ms, p999Ms].map((ms) => ms.toFixed(1)),
      (figures.commands / Math.max(1, batches)).toFixed(1),
      ((cpuUsPerCommand(measured) * figures.commandsPerSecond) / 1e6).toFixed(2),
      others(measured),
    ];
  }),
});

function dumpsAndTriggers({ dump, triggers }: Report): Table {
  const rows: string[][] = [];
  if (dump !== undefined) {
    const { events, seconds, residentBytes } = dump;
    rows.push([
      `dump of ${whole(events)} events`,
      `${whole(events / seconds)} events/s`,
      `resident in each fourth of its time: ${residentBytes.map(mebibytes).join(', ')}`,
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
