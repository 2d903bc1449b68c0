/** Renders a run's summary for people. Pure. */
import { count, dollars, hitCost, table } from './output.ts';
import type { FileResult } from './run-file.ts';
import { unreadableRows } from './unreadable-lines.ts';

export function renderSummary(result: FileResult, run: string): string {
  const { commands, seconds, rejected, quoteHits, unreadable, unwritten, cash } = result;
  const { p50Ms, p99Ms } = result.latencies.ofMessages();
  const rate = count(Math.round(result.commandsPerSecond));
  return table([
    ['run', run],
    ['commands', `${count(commands)} in ${seconds.toFixed(2)} s: ${rate} a second`],
    ['latency', `p50 ${p50Ms.toFixed(1)} ms, p99 ${p99Ms.toFixed(1)} ms, a message to its answer`],
    ['accepted', count(commands - rejected)],
    ['rejected', count(rejected)],
    ...Object.entries(result.reasons).map(([reason, times]): [string, string] => [
      `  ${reason}`,
      count(times),
    ]),
    ...unreadableRows(unreadable),
    ...unwritten.map((dump): [string, string] => ['dump not written', dump]),
    ['quote hits', `${count(quoteHits)}: ${hitCost(quoteHits)}`],
    ['total cash', dollars(cash)],
  ]);
}
