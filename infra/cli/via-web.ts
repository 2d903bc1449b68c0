/**
 * `daytrade workload FILE --via web`: runs the file through the web API, to load and measure that
 * path.
 */
import { readFileSync } from 'node:fs';
import { openLatencies, type Latencies } from '../../producers/workload/latencies.ts';
import type { Workload } from '../../producers/workload/open-workload.ts';
import { runViaWeb } from '../../producers/workload/run-via-web.ts';
import { hashSecret, newSecret } from '../../producers/web/server/access/secrets.ts';
import type { UserId } from '../../shared/domain/identity.ts';
import type { Pool } from '../../shared/pg/pool.ts';
import { deleteWorkloadTokens, insertWorkloadTokens } from '../../shared/pg/web-tokens.ts';
import { UsageError } from '../../shared/runtime/errors.ts';
import { newId } from '../../shared/runtime/new-id.ts';
import { together } from '../../shared/runtime/together.ts';
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

/** The lifetime of a run's tokens, in case the run is killed before it deletes them. */
const TOKEN_LIFETIME_MS = 24 * 60 * 60 * 1_000;
/** The most tokens in one statement. */
const TOKENS_TOGETHER_MAX = 1_000;

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
  const name = `workload ${run}`;
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
      tokenFor: tokensTogether(pool, name),
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
    await deleteWorkloadTokens(pool, name);
  }
}

/** Makes the tokens of users who start at the same time in one statement, so that none waits for a connection. */
const tokensTogether = (pool: Pool, name: string): ((user: UserId) => Promise<string>) =>
  together({
    load: async (users: readonly UserId[]) => {
      const made = users.map((user) => ({ id: newId(), token: newSecret(), user }));
      const stored = made.map(({ id, token, user }) => ({
        id,
        tokenHash: hashSecret(token),
        user,
      }));
      await insertWorkloadTokens(pool, stored, { name, lifetimeMs: TOKEN_LIFETIME_MS });
      return made.map(({ token }) => token);
    },
    most: TOKENS_TOGETHER_MAX,
  });

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
