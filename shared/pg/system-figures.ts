/** Figures about all stored data, for operators. */
import type { Pool } from './pool.ts';
import { statement } from './statement.ts';

export type SystemFigures = {
  readonly accounts: number;
  readonly armedTriggers: number;
  /** The number of audit messages that are committed and not stored yet. */
  readonly outboxRows: number;
  readonly outboxOldestS: number;
  readonly quoteHitsLastHour: number;
  readonly databaseBytes: number;
  /** The partitions of the audit log, the largest first. */
  readonly auditPartitions: readonly { readonly name: string; readonly bytes: number }[];
};

/** Counts accounts exactly, because a table has no estimate until it is analysed. */
const FIGURES = statement<{
  accounts: bigint;
  armed: bigint;
  outbox: bigint;
  oldest: number;
  hits: bigint;
  bytes: bigint;
}>(
  'system-figures',
  `SELECT (SELECT count(*) FROM accounts) AS accounts,
          (SELECT count(*) FROM triggers WHERE arming_id IS NOT NULL) AS armed,
          (SELECT count(*) FROM outbox) AS outbox,
          (SELECT coalesce(extract(epoch FROM clock_timestamp() - min(at)), 0)::float8
             FROM outbox) AS oldest,
          (SELECT count(*) FROM quote_history
            WHERE received_at > (extract(epoch FROM now()) - 3600) * 1000) AS hits,
          pg_database_size(current_database()) AS bytes`,
);

const PARTITIONS = statement<{ name: string; bytes: bigint }>(
  'system-audit-partitions',
  `SELECT c.relname AS name, pg_total_relation_size(c.oid) AS bytes
     FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
    WHERE i.inhparent = 'audit_events'::regclass ORDER BY 2 DESC, 1`,
);

export async function loadSystemFigures(pool: Pool): Promise<SystemFigures> {
  const [[row], partitions] = await Promise.all([FIGURES.run(pool), PARTITIONS.run(pool)]);
  if (row === undefined) throw new TypeError('the database gave no figures');
  return {
    accounts: Number(row.accounts),
    armedTriggers: Number(row.armed),
    outboxRows: Number(row.outbox),
    outboxOldestS: row.oldest,
    quoteHitsLastHour: Number(row.hits),
    databaseBytes: Number(row.bytes),
    auditPartitions: partitions.map(({ name, bytes }) => ({ name, bytes: Number(bytes) })),
  };
}
