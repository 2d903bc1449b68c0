/** A report as one page that needs nothing else. Pure. */
import { escapeHtml } from '../../shared/runtime/escape-html.ts';
import { barChart, legend, lineChart, shareChart, type Line } from './charts.ts';
import { EARLIER_PER_SECOND } from './earlier.ts';
import type { Measured } from './measure.ts';
import { allRuns, limitPerSecond, type Report } from './report.ts';
import type { Table } from '../../infra/capacity/table.ts';
import { tablesOf } from './tables.ts';

const STYLE = `
  body { font: 15px/1.5 system-ui, sans-serif; color: #1a202c; max-width: 1100px; margin: 2rem auto; padding: 0 1rem; }
  h1 { font-size: 1.6rem; } h2 { font-size: 1.15rem; margin: 2.2rem 0 .4rem; }
  p { margin: .3rem 0; } .note { color: #4a5568; }
  svg { width: 100%; max-width: 860px; height: auto; font: 12px system-ui, sans-serif; }
  .scroll { overflow-x: auto; } table { border-collapse: collapse; font-size: .86rem; font-variant-numeric: tabular-nums; }
  th, td { padding: .2rem .7rem; border-bottom: 1px solid #e2e8f0; text-align: right; white-space: nowrap; }
  th:first-child, td:first-child { text-align: left; }
  .legend span { margin-right: 1rem; } .legend span::before { content: ''; display: inline-block; width: .8em; height: .8em; margin-right: .35em; background: var(--c); }`;

const whole = (value: number): string => Math.round(value).toLocaleString('en-US');

export function renderPage(report: Report): string {
  const sections = [
    throughputSection(report),
    latencySection(report),
    cpuSection(allRuns(report)),
    memorySection(allRuns(report)),
    functionSection(report),
    ...tablesOf(report).map(tableSection),
  ];
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>daytrade bench</title><style>${STYLE}</style></head><body>
<h1>daytrade: how fast it is</h1>
<p class="note">${escapeHtml(report.machine)}; ${escapeHtml(report.at)}</p>
${sections.filter((section) => section !== '').join('\n')}
</body></html>
`;
}

const section = (title: string, note: string, content: string): string =>
  `<h2>${escapeHtml(title)}</h2>${note === '' ? '' : `<p class="note">${escapeHtml(note)}</p>`}${content}`;

function throughputSection(report: Report): string {
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
  return section(
    'Throughput by users',
    'Commands a second, from the first publish to the last audit row.',
    legend(['this system', 'its limit, where measured', 'the earlier system, quotes at once']) +
      barChart('Throughput by users', bars, (value) => (value === 0 ? '–' : whole(value))),
  );
}

function latencySection({ latency }: Report): string {
  if (latency.length === 0) return '';
  const bars = latency.map(({ of, figures: { latency: each } }) => ({
    label: of.name,
    values: [each.p50Ms, each.p99Ms, each.p999Ms],
  }));
  return section(
    'Latency of single commands',
    'Milliseconds from the time a command was due to its answer, at a fixed rate, open loop.',
    legend(['p50', 'p99', 'p99.9']) +
      barChart('Latency of single commands', bars, (value) => value.toFixed(1)),
  );
}

function cpuSection(runs: readonly Measured[]): string {
  const names = [...new Set(runs.flatMap(({ processes }) => processes.map(({ name }) => name)))];
  const bars = runs.map(({ of, processes }) => ({
    label: of.name,
    values: names.map((name) => {
      const used = processes.find((each) => each.name === name);
      return used === undefined ? 0 : used.cpuUserMs + used.cpuSystemMs;
    }),
  }));
  return section(
    'Share of the CPU time by process',
    'Broker and database included.',
    legend(names) + shareChart('Share of the CPU time by process', bars),
  );
}

/** Of the longest run. */
function memorySection(runs: readonly Measured[]): string {
  const [longest] = [...runs].sort((one, other) => other.memory.length - one.memory.length);
  if (longest === undefined) return '';
  const names = [...new Set(longest.memory.map(({ name }) => name))];
  const lines = names.map((name): Line => ({
    name,
    points: longest.memory
      .filter((sample) => sample.name === name)
      .map(({ atS, bytes }) => ({ x: atS, y: bytes / 2 ** 20 })),
  }));
  const note = `${longest.of.name}: resident memory; of PostgreSQL, its first process.`;
  const chart = lineChart('Memory over time', lines, { x: 'seconds', y: 'MiB' });
  return section('Memory over time', note, legend(names) + chart);
}

const FUNCTIONS_SHOWN = 12;

const functionSection = ({ functions }: Report): string =>
  functions
    .map(({ of, functions: counts }) => {
      const bars = counts.slice(0, FUNCTIONS_SHOWN).map(({ name, perSecond }) => ({
        label: name.slice(name.lastIndexOf('/') + 1),
        values: [perSecond],
      }));
      const title = `Executions per function and second: ${of}`;
      return section(title, '', barChart(title, bars, whole));
    })
    .join('\n');

function tableSection({ title, note, head, rows }: Table): string {
  const row = (cells: readonly string[], tag: string): string =>
    `<tr>${cells.map((cell) => `<${tag}>${escapeHtml(cell)}</${tag}>`).join('')}</tr>`;
  const body = rows.map((cells) => row(cells, 'td')).join('');
  return section(
    title,
    note,
    `<div class="scroll"><table><thead>${row(head, 'th')}</thead><tbody>${body}</tbody></table></div>`,
  );
}
