/** Counts the fired triggers and the hits of a demo that has ended. */
import { openPool } from '../../shared/pg/pool.ts';
import { statement } from '../../shared/pg/statement.ts';
import type { Logger } from '../../shared/runtime/logger.ts';

export type Stored = {
  /** How many triggers fired. */
  readonly fired: number;
  /** How many hits of the quote server were paid for. */
  readonly hits: number;
};

const STORED = statement<{ fired: bigint; hits: bigint }>(
  'demo-stored',
  `SELECT (SELECT count(*) FROM ledger WHERE event IN ('BuyTriggerFired', 'SellTriggerFired')) AS fired,
          (SELECT count(*) FROM quote_history) AS hits`,
);

/** Counts once every process has ended: until then, hits are paid for, and triggers fire. */
export async function loadStored(databaseUrl: string, log: Logger): Promise<Stored> {
  const pool = openPool({ url: databaseUrl, name: 'demo-stored', size: 1, log });
  try {
    const [row] = await STORED.run(pool);
    return { fired: Number(row?.fired ?? 0), hits: Number(row?.hits ?? 0) };
  } finally {
    await pool.end();
  }
}
