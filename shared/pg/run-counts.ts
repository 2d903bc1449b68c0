/** What the committed audit log says of a run. */
import type { Pool } from './pool.ts';
import { outboxDepth } from './outbox.ts';
import { statement } from './statement.ts';

const NEWEST_ID = statement<{ id: bigint }>(
  'outbox-id-newest',
  `SELECT last_value AS id FROM outbox_ids`,
);

/** Every audit event that is committed from now on has an outbox id of this or more. */
export async function firstOutboxFromNow(pool: Pool): Promise<bigint> {
  return (await NEWEST_ID.run(pool))[0]?.id ?? 0n;
}

export type RunCounts = {
  readonly commands: number;
  readonly rejected: number;
  /** Rejections by reason. */
  readonly reasons: Readonly<Record<string, number>>;
  readonly quoteHits: number;
};

const KINDS = statement<{ kind: string; count: bigint }>(
  'run-kinds',
  `SELECT kind, count(*) AS count FROM audit_events
    WHERE outbox_id >= $1 AND (stream = $2 AND kind IN ('userCommand', 'errorEvent')
       OR kind = 'quoteServer') GROUP BY kind`,
);
const REASONS = statement<{ reason: string; count: bigint }>(
  'run-reasons',
  `SELECT split_part(message, ':', 1) AS reason, count(*) AS count FROM audit_events
    WHERE outbox_id >= $1 AND stream = $2 AND kind = 'errorEvent' GROUP BY 1 ORDER BY 2 DESC`,
);

export async function loadRunCounts(
  pool: Pool,
  run: { readonly stream: string; readonly firstOutbox: bigint },
): Promise<RunCounts> {
  const [kinds, reasons] = await Promise.all([
    KINDS.run(pool, run.firstOutbox, run.stream),
    REASONS.run(pool, run.firstOutbox, run.stream),
  ]);
  const count = (kind: string): number =>
    Number(kinds.find((row) => row.kind === kind)?.count ?? 0n);
  return {
    commands: count('userCommand'),
    rejected: count('errorEvent'),
    reasons: Object.fromEntries(reasons.map((row) => [row.reason, Number(row.count)])),
    quoteHits: count('quoteServer'),
  };
}

/** Resolves when every committed audit message is stored. */
export async function auditDrained(pool: Pool, pause: () => Promise<void>): Promise<void> {
  while ((await outboxDepth(pool)) > 0) await pause();
}
