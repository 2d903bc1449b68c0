/** The workload with which a log is compared: its commands by number, and the lines of those that differ. */
import { openWorkload, type Workload } from '../../producers/workload/open-workload.ts';
import type { CheckReport, KindOfFinding } from '../check/check-report.ts';
import type { LogFinding } from '../check/finding-book.ts';
import { showWorkloadCommand } from '../check/shown-command.ts';
import { openWorkloadIndex, type WorkloadIndex } from '../check/workload-index.ts';
import { partPaths } from './run-options.ts';

export type IndexedWorkload = {
  readonly index: WorkloadIndex;
  readonly read: Workload['read'];
  readonly close: Workload['close'];
};

/** Reads a workload; a command that a log must show is in the index. Rejects as `openWorkload` does. */
export async function indexWorkload(
  parts: readonly string[],
  number: boolean,
): Promise<IndexedWorkload> {
  const { read, close } = await openWorkload(partPaths(parts), { number });
  const index = openWorkloadIndex();
  for await (const { number: at, shown } of commandsIn(read)) index.add(at, shown);
  return { index, read, close };
}

type IndexedCommand = { readonly number: number; readonly shown: string };

async function* commandsIn(read: Workload['read']): AsyncGenerator<IndexedCommand> {
  for await (const lines of read()) {
    for (const { line } of lines) {
      if (line.type === 'unreadable') continue;
      const { number, user, command } = line;
      yield { number, shown: showWorkloadCommand(user, command) };
    }
  }
}

/** Fills in what the workload expects where a command is missing or differs; reads the workload again. */
export async function describeMissing(
  report: CheckReport,
  workload: IndexedWorkload | undefined,
): Promise<CheckReport> {
  const isOpen = ({ kind }: KindOfFinding): boolean =>
    kind === 'command-missing' || kind === 'command-differs';
  const wanted = report.findings.filter(isOpen).flatMap(({ first }) => first);
  if (workload === undefined || wanted.length === 0) return report;
  const numbers = new Set(wanted.map(({ transaction }) => transaction));
  const shown = new Map<number | undefined, string>();
  for await (const command of commandsIn(workload.read)) {
    if (numbers.has(command.number)) shown.set(command.number, command.shown);
  }
  const described = (finding: LogFinding): LogFinding => ({
    ...finding,
    expected: shown.get(finding.transaction) ?? '',
  });
  const findings = report.findings.map((each) =>
    isOpen(each) ? { ...each, first: each.first.map(described) } : each,
  );
  return { ...report, findings };
}
