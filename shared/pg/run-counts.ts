/** Counts of a run's commands, from the stored audit log. */
import type { Pool } from './pool.ts';
import { statement } from './statement.ts';

export type RunCounts = {
  /** The number of its `userCommand` events. */
  readonly commands: number;
  /** The number of its `errorEvent` events. */
  readonly rejected: number;
  /** The number of rejections by reason, the most frequent first. */
  readonly reasons: Readonly<Record<string, number>>;
  /** The number of hits on the quote server that its commands caused. */
  readonly quoteHits: number;
  readonly byCommand: ReadonlyMap<string, CommandCounts>;
};

export type CommandCounts = { readonly count: number; readonly rejected: number };

const KINDS = statement<{ command: string | null; kind: string; count: bigint }>(
  'run-kinds',
  `SELECT command, kind, count(*) AS count FROM audit_events
    WHERE outbox_id >= $1 AND stream = $2
      AND kind IN ('userCommand', 'errorEvent', 'quoteServer') GROUP BY command, kind`,
);
const REASONS = statement<{ reason: string; count: bigint }>(
  'run-reasons',
  `SELECT split_part(message, ':', 1) AS reason, count(*) AS count FROM audit_events
    WHERE outbox_id >= $1 AND stream = $2 AND kind = 'errorEvent' GROUP BY 1 ORDER BY 2 DESC, 1`,
);

/** Counts the events of a run. `firstOutbox` bounds the scan (see `OpenedRun`). */
export async function loadRunCounts(
  pool: Pool,
  run: { readonly stream: string; readonly firstOutbox: bigint },
): Promise<RunCounts> {
  const [kinds, reasons] = await Promise.all([
    KINDS.run(pool, run.firstOutbox, run.stream),
    REASONS.run(pool, run.firstOutbox, run.stream),
  ]);
  const count = (kind: string, command?: string): number =>
    kinds
      .filter((row) => row.kind === kind && (command === undefined || row.command === command))
      .reduce((sum, row) => sum + Number(row.count), 0);
  const names = new Set(kinds.flatMap(({ command }) => command ?? []));
  return {
    commands: count('userCommand'),
    rejected: count('errorEvent'),
    reasons: Object.fromEntries(reasons.map((row) => [row.reason, Number(row.count)])),
    quoteHits: count('quoteServer'),
    byCommand: new Map(
      [...names]
        .sort()
        .map((name) => [
          name,
          { count: count('userCommand', name), rejected: count('errorEvent', name) },
        ]),
    ),
  };
}
