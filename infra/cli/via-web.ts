/**
 * `daytrade workload FILE --via web`: runs the file through the web API, to load and measure that
 * path.
 */
import { readFileSync } from 'node:fs';
import { openLatencies, type Latencies } from '../../producers/workload/latencies.ts';
import type { Workload } from '../../producers/workload/open-workload.ts';
import { openRunTokens } from '../../producers/workload/run-tokens.ts';
import { runViaWeb } from '../../producers/workload/run-via-web.ts';
import type { Pool } from '../../shared/pg/pool.ts';
import { UsageError } from '../../shared/runtime/errors.ts';
import type { WebAddress } from '../../shared/control/system-info.ts';
import { count, table, writeSummary } from './output.ts';
import { openProgress } from './progress.ts';
import { collectUnreadable, unreadableRows, type UnreadableLines } from './unreadable-lines.ts';

type ViaWeb = {
  readonly workload: Workload;
  readonly run: string;
  readonly web: WebAddress | undefined;
  readonly trouble: () => string | undefined;
  readonly signal: AbortSignal;
};

type Counts = {
  accepted: number;
  readonly rejected: Map<string, number>;
  readonly unreadable: UnreadableLines;
};

/** Runs the workload and prints a summary. */
export async function workloadViaWeb(pool: Pool, options: ViaWeb): Promise<void> {
  const { web, run, workload, signal, trouble } = options;
  if (web === undefined) {
    throw new UsageError('--via web: the system that runs has no web process (WEB_PROCESSES)');
  }
  const authority = web.authority && readFileSync(web.authority.file);
  const tokens = openRunTokens(pool, `workload ${run}`);
  const counts: Counts = { accepted: 0, rejected: new Map(), unreadable: collectUnreadable() };
  const latencies = openLatencies();
  const progress = openProgress(trouble);
  progress.start(workload.lines, 0);
  const startedAt = performance.now();
  try {
    const users = await runViaWeb({
      workload,
      run,
      signal,
      target: { url: web.url, authority },
      tokenFor: tokens.make,
      onAnswer: (answer, command, latencyMs) => {
        progress.advance(1);
        latencies.record([command], latencyMs);
        if (answer.outcome === 'accepted') counts.accepted += 1;
        else counts.rejected.set(answer.code, (counts.rejected.get(answer.code) ?? 0) + 1);
      },
      onUnreadable: counts.unreadable.add,
    });
    progress.complete();
    progress.stop();
    const seconds = (performance.now() - startedAt) / 1_000;
    await writeSummary(summaryOf({ run, users, seconds, counts, latencies }));
  } finally {
    progress.stop();
    await tokens.end();
  }
}

function summaryOf({
  run,
  users,
  seconds,
  counts,
  latencies,
}: {
  readonly run: string;
  readonly users: number;
  readonly seconds: number;
  readonly counts: Counts;
  readonly latencies: Latencies;
}): string {
  const { accepted, rejected, unreadable } = counts;
  const refused = [...rejected.values()].reduce((sum, times) => sum + times, 0);
  const requests = accepted + refused;
  const { p50Ms, p99Ms } = latencies.ofMessages();
  const rate = count(Math.round(requests / Math.max(seconds, 0.001)));
  return table([
    ['run', run],
    ['users', `${count(users)}, a connection and a token each`],
    ['requests', `${count(requests)} in ${seconds.toFixed(2)} s: ${rate} a second`],
    ['latency', `p50 ${p50Ms.toFixed(1)} ms, p99 ${p99Ms.toFixed(1)} ms, a request to its answer`],
    ['accepted', count(accepted)],
    ['rejected', count(refused)],
    ...[...rejected].map(([code, times]): [string, string] => [`  ${code}`, count(times)]),
    ...unreadableRows(unreadable),
  ]);
}
