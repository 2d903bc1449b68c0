/** The longest wait of any one user for quotes that their commands needed one after another. */
import type { Pool } from '../../shared/pg/pool.ts';

/** Commands that used a price, those that caused a hit included, in each user's order. */
const USES = `
  SELECT user_id AS user, symbol FROM audit_events
   WHERE kind IN ('quoteServer', 'systemEvent') AND symbol IS NOT NULL AND outbox_id > $1
   ORDER BY user_id, number, outbox_id, index`;

const DELAYS = `SELECT symbol, (received_at - asked_at)::float8 AS ms FROM quote_history`;

type Use = { readonly user: string; readonly symbol: string };

/** Seconds; of the audit messages after that id, a run in which every symbol was asked for once. */
export async function loadQuoteChain(pool: Pool, after: bigint): Promise<number> {
  const uses = await pool.query<Use>(USES, [after]);
  const delays = await pool.query<{ symbol: string; ms: number }>(DELAYS);
  return chainOf(uses.rows, new Map(delays.rows.map(({ symbol, ms }) => [symbol, ms]))) / 1_000;
}

/** Milliseconds, where whoever comes to a symbol first asks for it, and who comes later waits too. */
export function chainOf(uses: readonly Use[], delays: ReadonlyMap<string, number>): number {
  const symbols = new Map<string, string[]>();
  for (const { user, symbol } of uses) {
    const of = symbols.get(user) ?? [];
    symbols.set(user, of);
    of.push(symbol);
  }
  const known = new Map<string, number>();
  const lanes = [...symbols.values()].map((left) => ({ at: 0, left }));
  for (;;) {
    const [lane] = lanes.filter(({ left }) => left.length > 0).sort((a, b) => a.at - b.at);
    const symbol = lane?.left.shift();
    if (lane === undefined || symbol === undefined) break;
    const knownAt = known.get(symbol) ?? lane.at + (delays.get(symbol) ?? 0);
    known.set(symbol, knownAt);
    lane.at = Math.max(lane.at, knownAt);
  }
  return Math.max(0, ...lanes.map(({ at }) => at));
}
