/** Renders a run's report for programs. Counts are those of committed audit rows. Pure. */
import type { FileResult } from './run-file.ts';

export function renderReport(result: FileResult, run: string): string {
  const { commands, rejected, unreadable, seconds, quoteHits, latencies, processes } = result;
  const { p50Ms, p99Ms } = latencies.ofMessages();
  const byCommand = [...result.byCommand].map(([name, counts]) => {
    const { meanMs, p99Ms: p99 } = latencies.ofCommand(name);
    return [name, { ...counts, meanMs, p99Ms: p99 }];
  });
  const report = {
    run,
    commands,
    rejected,
    rejectedBy: result.reasons,
    unreadable: unreadable.first,
    unreadableCount: unreadable.count,
    seconds,
    commandsPerSecond: result.commandsPerSecond,
    quoteHits,
    latencyMs: { p50: p50Ms, p99: p99Ms },
    byCommand: Object.fromEntries(byCommand) as unknown,
    processes,
  };
  return JSON.stringify(report, undefined, 2);
}
