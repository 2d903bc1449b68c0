/** What the processes of a running system count about themselves, as Prometheus would read it. */
import type { TargetGroup } from '../../infra/supervisor/system-metrics.ts';

export type LookUps = { readonly hits: number; readonly misses: number };

export type Series = {
  /** Of a fresh quote: in a transaction process, in a quote process, in the database. */
  readonly lookUps: readonly LookUps[];
  /** Transactions of the transaction processes, and how long they waited for a connection in all. */
  readonly connections: { readonly taken: number; readonly waitedMs: number };
};

export async function readSeries(metricsUrl: string): Promise<Series> {
  const targets = await fetch(new URL('/targets', metricsUrl));
  const groups = (await targets.json()) as readonly TargetGroup[];
  const texts = groups
    .flatMap((group) => group.targets)
    .map(async (target) => (await fetch(`http://${target}/metrics`)).text());
  const text = (await Promise.all(texts)).join('\n');
  const lookUps = (level: number, result: string): number =>
    sumOf(text, 'daytrade_quote_lookups_total', [`level="${level}"`, `result="${result}"`]);
  return {
    lookUps: [1, 2, 3].map((level) => ({
      hits: lookUps(level, 'hit'),
      misses: lookUps(level, 'miss'),
    })),
    connections: {
      taken: sumOf(text, 'daytrade_connection_waits_total', []),
      waitedMs: sumOf(text, 'daytrade_connection_wait_seconds_total', []) * 1_000,
    },
  };
}

/** Returns what was counted between two readings. */
export const seriesBetween = (before: Series, after: Series): Series => ({
  lookUps: after.lookUps.map(({ hits, misses }, level) => ({
    hits: hits - (before.lookUps[level]?.hits ?? 0),
    misses: misses - (before.lookUps[level]?.misses ?? 0),
  })),
  connections: {
    taken: after.connections.taken - before.connections.taken,
    waitedMs: after.connections.waitedMs - before.connections.waitedMs,
  },
});

/** Over the series of that name whose labels include those. */
const sumOf = (text: string, name: string, labels: readonly string[]): number =>
  [...text.matchAll(new RegExp(`^${name}\\{(.*)\\} (\\S+)$`, 'gm'))]
    .filter(([, found = '']) => labels.every((label) => found.includes(label)))
    .reduce((sum, [, , value]) => sum + Number(value), 0);
