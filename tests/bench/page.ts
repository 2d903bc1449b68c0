/** A report as one page that needs nothing else. */
import { barChart, legend, shareChart } from '../../infra/page/bars.ts';
import { EARLIER_PER_SECOND } from '../../infra/page/earlier.ts';
import { paragraph, renderHtmlPage, type PageSection } from '../../infra/page/html-page.ts';
import { tableSection } from '../../infra/page/html-table.ts';
import { whole } from '../../infra/page/table.ts';
import type { Measured } from './measure.ts';
import { allRuns, limitPerSecond, type Report } from './report.ts';
import { tablesOf } from './tables.ts';

export const renderPage = (report: Report): string =>
  renderHtmlPage({
    title: 'daytrade: how fast it is',
    lead: paragraph(`${report.machine}; ${report.at}`, 'note'),
    sections: [
      throughputSection(report),
      ...latencySection(report),
      cpuSection(allRuns(report)),
      ...memorySection(allRuns(report)),
      ...functionSections(report),
      ...tablesOf(report).map(tableSection),
    ],
  });

function throughputSection(report: Report): PageSection {
  const limits = new Map(
    report.limited.map(({ measured, limit }) => [measured.of.name, limitPerSecond(limit)]),
  );
  const bars = allRuns(report).map(({ of, figures }) => ({
    label: of.name,
    values: [
      figures.commandsPerSecond,
      limits.get(of.name) ?? 0,
      EARLIER_PER_SECOND.get(of.users) ?? 0,
    ],
  }));
  const title = 'Throughput by users';
  return {
    title,
    note: 'Commands a second, from the first publish to the last audit row.',
    content:
      legend(['this system', 'its limit, where measured', 'the earlier system, quotes at once']) +
      barChart(title, bars, (value) => (value === 0 ? '–' : whole(value))),
  };
}

function latencySection({ latency }: Report): readonly PageSection[] {
  if (latency.length === 0) return [];
  const bars = latency.map(({ of, figures: { latency: each } }) => ({
    label: of.name,
    values: [each.p50Ms, each.p99Ms, each.p999Ms],
  }));
  const title = 'Latency of single commands';
  return [
    {
      title,
      note: 'Milliseconds from the time a command was due to its answer, at a fixed rate, open loop.',
      content: legend(['p50', 'p99', 'p99.9']) + barChart(title, bars, (value) => value.toFixed(1)),
    },
  ];
}

function cpuSection(runs: readonly Measured[]): PageSection {
  const names = [...new Set(runs.flatMap(({ processes }) => processes.map(({ name }) => name)))];
  const bars = runs.map(({ of, processes }) => ({
    label: of.name,
    values: names.map((name) => {
      const used = processes.find((each) => each.name === name);
      return used === undefined ? 0 : used.cpuUserMs + used.cpuSystemMs;
    }),
  }));
  const title = 'Share of the CPU time by process';
  const note = 'Broker and database included.';
  return { title, note, content: legend(names) + shareChart(title, bars) };
}

/** Shows the memory over time of the longest run. */
function memorySection(runs: readonly Measured[]): readonly PageSection[] {
  const [longest] = [...runs].sort((one, other) => other.memory.length - one.memory.length);
  if (longest === undefined) return [];
  const names = [...new Set(longest.memory.map(({ name }) => name))];
  const series = names.map((name, colour) => ({
    ...{ name, colour, shape: 'line' as const },
    points: longest.memory
      .filter((sample) => sample.name === name)
      .map(({ atS, bytes }): [number, number] => [atS, bytes / 2 ** 20]),
  }));
  return [
    {
      title: 'Memory over time',
      note: 'Resident memory; of PostgreSQL, its first process.',
      content: '',
      timelines: [{ title: longest.of.name, unit: 'MiB', series }],
    },
  ];
}

const FUNCTIONS_SHOWN = 12;

const functionSections = ({ functions }: Report): readonly PageSection[] =>
  functions.map(({ of, functions: counts }) => {
    const bars = counts.slice(0, FUNCTIONS_SHOWN).map(({ name, perSecond }) => ({
      label: name.slice(name.lastIndexOf('/') + 1),
      values: [perSecond],
    }));
    const title = `Executions per function and second: ${of}`;
    return { title, note: '', content: barChart(title, bars, whole) };
  });
