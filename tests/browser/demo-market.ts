/**
 * The market of the demonstration: walked prices, as of now or of a time gone by; and what was traded
 * then, put back to that time, so that charts have something to show.
 */
import { openQuoteServer } from '../../infra/quote-server/open-quote-server.ts';
import { marketWalk } from '../../infra/quote-server/market-walk.ts';
import type { Pool } from '../../shared/pg/pool.ts';
import { until } from '../support/until.ts';

const SEED = 11;
const HOUR_MS = 3_600_000;
/** How fine the past is told: from so long ago on, a price each so often. */
const FINENESS = [
  [30 * 24 * HOUR_MS, HOUR_MS],
  [24 * HOUR_MS, HOUR_MS / 12],
  [HOUR_MS, 20_000],
] as const;

export type DemoMarket = {
  /** As QUOTE_SERVER takes it. */
  readonly address: string;
  /** Unix milliseconds; undefined = now. */
  at: number | undefined;
  readonly priceOf: (symbol: string) => number;
  readonly close: () => Promise<void>;
};

const walk = marketWalk(SEED);

export async function openDemoMarket(): Promise<DemoMarket> {
  const priceAt = (symbol: string) => walk.priceAt(symbol, market.at ?? Date.now());
  const server = await openQuoteServer({ prices: priceAt, delayMs: 150 });
  const market: DemoMarket = {
    address: `127.0.0.1:${server.port}`,
    at: undefined,
    priceOf: (symbol) => Number(priceAt(symbol)),
    close: () => server.close(),
  };
  return market;
}

/** A command's number, and when it is to have been given. */
export type Moment = { readonly number: number; readonly at: number };

const MOVES = [
  `UPDATE ledger AS t SET at = m.at FROM unnest($1::bigint[], $2::bigint[]) AS m (number, at)
    WHERE t.number = m.number`,
  `UPDATE audit_events AS t SET at = m.at FROM unnest($1::bigint[], $2::bigint[]) AS m (number, at)
    WHERE t.number = m.number`,
];

export async function moveToPast(pool: Pool, moments: readonly Moment[]): Promise<void> {
  const nothingWaits = async (): Promise<boolean> =>
    (await pool.query('SELECT FROM outbox LIMIT 1')).rowCount === 0;
  await until(nothingWaits, { what: 'every event is in the audit log' });
  const [numbers, times] = [moments.map(({ number }) => number), moments.map(({ at }) => at)];
  for (const statement of MOVES) await pool.query(statement, [numbers, times]);
}

/** What the prices of the last 30 days would have been known to be. */
export async function tellPast(pool: Pool, symbols: readonly string[]): Promise<void> {
  const now = Date.now();
  await pool.query('DELETE FROM quote_history');
  for (const symbol of symbols) {
    const points = FINENESS.flatMap(([ago, step]) => walk.history(symbol, now - ago, now, step));
    await pool.query(
      `INSERT INTO quote_history SELECT $1, at, at, at, price
         FROM unnest($2::bigint[], $3::bigint[]) AS p (at, price) ON CONFLICT DO NOTHING`,
      [symbol, points.map(({ atMs }) => Math.round(atMs)), points.map(({ price }) => price)],
    );
  }
}
