/**
 * The invariants of the stored data, each as a query over one snapshot. The audit log is compared with the
 * other tables from `audit_start` on. Older events are archived; for them, the ledger stands in.
 * Source: SPEC §2, §3.2, §4.2, §5.
 */
import { KEY_LIFETIME_MS } from './idempotency-keys.ts';
import type { Client } from './pool.ts';

export type Check = {
  readonly name: string;
  /**
   * Returns two columns: `looked`, the number of items that the row stands for, and `offender`, which
   * describes a violation or is null. $1 is the lifetime of orders in ms; every query must use it.
   */
  readonly sql: string;
  /** Whether it compares the ledger with tables that hold the present only. */
  readonly isOfPresent?: true;
};

export type Finding = {
  readonly name: string;
  readonly looked: number;
  readonly offenders: number;
  /** The first offenders. */
  readonly first: readonly string[];
  /** Why the check was not made; absent if it was. */
  readonly notChecked?: string;
};

const LIVE_ORDERS = `
  live AS NOT MATERIALIZED (
    SELECT * FROM orders WHERE at + $1::bigint > (extract(epoch FROM now()) * 1000)::bigint)`;

/**
 * The streams and what was done last in each. A key of the web has a stream of one command, which `streams` has
 * only if an earlier version decided it. The dump of a whole log belongs to the system user.
 */
const DONE_STREAMS = `
  done AS NOT MATERIALIZED (
    SELECT user_id, stream, last, last_outcome, at FROM streams
     UNION
    SELECT CASE WHEN starts_with(stream, 'web:' || key || '@') THEN user_id ELSE '$system' END,
           stream, 1, outcome, expires_at - ${KEY_LIFETIME_MS}
      FROM idempotency_keys WHERE outcome IS NOT NULL AND stream LIKE '%@%')`;

export const CHECKS: readonly Check[] = [
  {
    name: 'no negative money',
    sql: `
      WITH ${LIVE_ORDERS}, held AS (
        SELECT user_id, sum(shares * price) AS held FROM live WHERE side = 'buy' GROUP BY 1)
      SELECT 1 AS looked, CASE
          WHEN a.balance < 0 THEN a.user_id || ': balance ' || a.balance
          WHEN a.balance < coalesce(h.held, 0)
            THEN a.user_id || ': available ' || a.balance - h.held END AS offender
        FROM accounts a LEFT JOIN held h USING (user_id)
       UNION ALL
      SELECT 1, CASE WHEN amount < 0 THEN user_id || ' ' || symbol || ': reserve ' || amount END
        FROM triggers WHERE $1 >= 0`,
  },
  {
    name: 'no negative shares',
    sql: `
      WITH ${LIVE_ORDERS}, held AS (
        SELECT user_id, symbol, sum(shares) AS held FROM live WHERE side = 'sell' GROUP BY 1, 2)
      SELECT 1 AS looked, CASE
          WHEN coalesce(h.shares, 0) < 0
            THEN user_id || ' ' || symbol || ': holding ' || h.shares
          WHEN coalesce(h.shares, 0) < coalesce(held.held, 0)
            THEN user_id || ' ' || symbol || ': available ' || coalesce(h.shares, 0) - held.held
          END AS offender
        FROM holdings h FULL JOIN held USING (user_id, symbol)`,
  },
  {
    name: 'balances are the sums of their ledger entries',
    isOfPresent: true,
    sql: `
      WITH sums AS (SELECT user_id, sum(balance) AS balance FROM ledger GROUP BY 1)
      SELECT 1 AS looked, CASE WHEN coalesce(a.balance, 0) <> coalesce(s.balance, 0)
          THEN user_id || ': ' || coalesce(a.balance, 0) || ' instead of ' || coalesce(s.balance, 0)
          END AS offender
        FROM accounts a FULL JOIN sums s USING (user_id) WHERE $1 >= 0`,
  },
  {
    name: 'reserves are the sums of their ledger entries',
    isOfPresent: true,
    sql: `
      WITH sums AS (
        SELECT user_id, symbol, sum(reserve) AS reserve, sum(reserved_shares) AS shares
          FROM ledger WHERE symbol IS NOT NULL GROUP BY 1, 2),
      kept AS (
        SELECT user_id, symbol, coalesce(sum(amount) FILTER (WHERE side = 'buy'), 0) AS reserve,
               sum(shares) AS shares
          FROM triggers GROUP BY 1, 2)
      SELECT 1 AS looked, CASE
          WHEN (coalesce(k.reserve, 0), coalesce(k.shares, 0))
            <> (coalesce(s.reserve, 0), coalesce(s.shares, 0))
          THEN format('%s %s: %s and %s shares instead of %s and %s', user_id, symbol,
                      coalesce(k.reserve, 0), coalesce(k.shares, 0), s.reserve, s.shares)
          END AS offender
        FROM kept k FULL JOIN sums s USING (user_id, symbol) WHERE $1 >= 0`,
  },
  {
    name: 'holdings are the sums of their ledger entries',
    isOfPresent: true,
    sql: `
      WITH sums AS (
        SELECT user_id, symbol, sum(holding) AS shares
          FROM ledger WHERE symbol IS NOT NULL GROUP BY 1, 2)
      SELECT 1 AS looked, CASE WHEN coalesce(h.shares, 0) <> coalesce(s.shares, 0)
          THEN format('%s %s: %s instead of %s', user_id, symbol, coalesce(h.shares, 0),
                      coalesce(s.shares, 0)) END AS offender
        FROM holdings h FULL JOIN sums s USING (user_id, symbol) WHERE $1 >= 0`,
  },
  {
    name: 'deposits = cash + reserves + cost of buys - proceeds of sells',
    isOfPresent: true,
    sql: `
      WITH total AS (
        SELECT (SELECT coalesce(sum(deposited), 0) FROM ledger) AS deposits,
               (SELECT coalesce(sum(balance), 0) FROM accounts) AS cash,
               (SELECT coalesce(sum(amount), 0) FROM triggers WHERE side = 'buy') AS reserves,
               (SELECT coalesce(sum(traded), 0) FROM ledger) AS traded)
      SELECT 1 AS looked, CASE WHEN deposits <> cash + reserves - traded
          THEN format('%s instead of %s + %s - %s', deposits, cash, reserves, traded)
          END AS offender
        FROM total WHERE $1 >= 0`,
  },
  {
    name: 'positions are gap-free per user and stream',
    sql: `
      WITH ${DONE_STREAMS}, logged AS (
        SELECT user_id, stream, count(DISTINCT position) AS positions, min(position) AS first,
               max(position) AS last
          FROM verified_audit WHERE kind = 'userCommand' AND stream IS NOT NULL GROUP BY 1, 2)
      SELECT coalesce(l.positions, 0) AS looked, CASE
          WHEN s.last IS NULL AND stream LIKE 'run:%' THEN user_id || ' ' || stream || ': not known'
          WHEN s.last IS NOT NULL AND (l.first > 1 AND start_ms = 0 OR s.at >= start_ms
               AND (l.positions, l.last) IS DISTINCT FROM (s.last - l.first + 1, s.last))
            THEN format('%s %s: %s commands from %s to %s instead of 1 to %s', user_id, stream,
                        coalesce(l.positions, 0), l.first, l.last, s.last) END AS offender
        FROM logged l FULL JOIN done s USING (user_id, stream), audit_start WHERE $1 >= 0`,
  },
  {
    name: 'each command has one userCommand',
    sql: `
      SELECT 1 AS looked, CASE WHEN count(*) > 1
          THEN format('%s %s %s: %s times', user_id, stream, position, count(*)) END AS offender
        FROM verified_audit
       WHERE kind = 'userCommand' AND stream IS NOT NULL AND $1 >= 0
       GROUP BY user_id, stream, position`,
  },
  {
    name: 'rejected commands have one errorEvent, and no effect',
    sql: `
      WITH ${DONE_STREAMS}, errors AS (
        SELECT user_id, stream, position, count(*) AS errors FROM verified_audit
         WHERE kind = 'errorEvent' AND stream IS NOT NULL GROUP BY 1, 2, 3),
      effects AS (
        SELECT DISTINCT user_id, stream, position FROM ledger WHERE stream IS NOT NULL),
      refused AS (
        SELECT user_id, stream, last AS position, last_outcome LIKE '{"is":"rejected"%' AS is
          FROM done, audit_start WHERE at >= start_ms)
      SELECT 1 AS looked, CASE
          WHEN e.errors > 1 THEN format('%s %s %s: %s errorEvents', user_id, stream, position, e.errors)
          WHEN e.errors > 0 AND f.user_id IS NOT NULL
            THEN format('%s %s %s: rejected, yet it moved something', user_id, stream, position)
          WHEN r.is AND e.errors IS NULL
            THEN format('%s %s %s: rejected without an errorEvent', user_id, stream, position)
          WHEN NOT r.is AND e.errors IS NOT NULL
            THEN format('%s %s %s: accepted with an errorEvent', user_id, stream, position)
          END AS offender
        FROM errors e
        LEFT JOIN effects f USING (user_id, stream, position)
        FULL JOIN refused r USING (user_id, stream, position) WHERE $1 >= 0`,
  },
  {
    name: 'each movement of a balance has its accountTransaction',
    sql: `
      WITH moved AS (
        SELECT user_id, number, coalesce(stream, '') AS stream, coalesce(position, 0) AS position,
               sum(balance) AS sum, count(*) AS times
          FROM ledger, audit_start WHERE balance <> 0 AND at >= start_ms GROUP BY 1, 2, 3, 4),
      logged AS (
        SELECT user_id, number, coalesce(stream, '') AS stream, coalesce(position, 0) AS position,
               sum(CASE action WHEN 'add' THEN funds ELSE -funds END) AS sum, count(*) AS times
          FROM verified_audit WHERE kind = 'accountTransaction' GROUP BY 1, 2, 3, 4)
      SELECT greatest(m.times, l.times) AS looked, CASE
          WHEN (m.sum, m.times) IS DISTINCT FROM (l.sum, l.times)
          THEN format('%s [%s] %s %s: %s in the log, %s in the ledger', user_id, number, stream,
                      position, coalesce(l.sum, 0), coalesce(m.sum, 0)) END AS offender
        FROM moved m FULL JOIN logged l USING (user_id, number, stream, position) WHERE $1 >= 0`,
  },
  {
    name: 'replaying the log gives the balances',
    sql: `
      WITH moved AS (
        SELECT user_id, CASE action WHEN 'add' THEN funds ELSE -funds END AS funds
          FROM verified_audit WHERE kind = 'accountTransaction'
         UNION ALL
        SELECT user_id, balance FROM ledger, audit_start WHERE at < start_ms),
      replayed AS (SELECT user_id, sum(funds) AS balance FROM moved GROUP BY 1)
      SELECT 1 AS looked, CASE WHEN coalesce(a.balance, 0) <> coalesce(r.balance, 0)
          THEN format('%s: %s instead of %s', user_id, coalesce(a.balance, 0),
                      coalesce(r.balance, 0)) END AS offender
        FROM accounts a FULL JOIN replayed r USING (user_id) WHERE $1 >= 0`,
  },
  {
    name: 'each arming fired at most once, at a price that met it',
    sql: `
      WITH fired AS (
        SELECT user_id, arming_id, symbol, number, at, price, event, count(*) OVER one AS times
          FROM ledger, audit_start
         WHERE event IN ('BuyTriggerFired', 'SellTriggerFired') AND at >= start_ms
        WINDOW one AS (PARTITION BY user_id, arming_id))
      SELECT 1 AS looked, CASE
          WHEN f.times > 1 THEN format('%s %s: fired %s times', f.user_id, f.arming_id, f.times)
          WHEN NOT EXISTS (
            SELECT 1 FROM verified_audit e
             WHERE e.user_id = f.user_id AND e.kind = 'systemEvent' AND e.number = f.number
               AND e.symbol = f.symbol AND e.at = f.at
               AND CASE f.event
                     WHEN 'BuyTriggerFired'
                       THEN e.command = 'SET_BUY_TRIGGER' AND f.price <= e.funds
                       ELSE e.command = 'SET_SELL_TRIGGER' AND f.price >= e.funds END)
            THEN format('%s [%s] %s: fired at %s, which no systemEvent met', f.user_id, f.number,
                        f.symbol, f.price) END AS offender
        FROM fired f WHERE $1 >= 0`,
  },
  {
    name: 'no hit while a quote of its symbol was fresh',
    sql: `
      WITH hits AS (
        SELECT symbol, asked_at, received_at, lag(fresh_until) OVER of_symbol AS fresh_until
          FROM quote_history
        WINDOW of_symbol AS (PARTITION BY symbol ORDER BY received_at))
      SELECT 1 AS looked, CASE WHEN asked_at < fresh_until
          THEN format('%s: asked at %s, fresh until %s', symbol, asked_at, fresh_until)
          END AS offender
        FROM hits WHERE $1 >= 0`,
  },
  {
    name: 'each hit has its quoteServer event',
    sql: `
      WITH hits AS (SELECT symbol, received_at AS at, count(*) AS times FROM quote_history, audit_start
         WHERE received_at >= start_ms GROUP BY 1, 2),
      logged AS (
        SELECT symbol, at, count(*) AS times FROM verified_audit
         WHERE kind = 'quoteServer' GROUP BY 1, 2)
      SELECT 1 AS looked, CASE WHEN h.times IS DISTINCT FROM l.times
          THEN format('%s at %s: %s events for %s hits', symbol, at, coalesce(l.times, 0),
                      coalesce(h.times, 0)) END AS offender
        FROM hits h FULL JOIN logged l USING (symbol, at) WHERE $1 >= 0`,
  },
];

const FIRST_SHOWN = 5;

/** Checks one invariant. Must run in the transaction of `beginVerification`. */
export async function runCheck(
  client: Client,
  check: Check,
  orderLifetimeMs: number,
): Promise<Finding> {
  const text = [
    'SELECT coalesce(sum(looked), 0)::float8 AS looked, count(offender)::float8 AS offenders,',
    `(array_agg(offender ORDER BY offender) FILTER (WHERE offender IS NOT NULL))[1:${FIRST_SHOWN}]`,
    `AS first FROM (${check.sql}) AS found`,
  ].join(' ');
  const { rows } = await client.query<{
    looked: number;
    offenders: number;
    first: string[] | null;
  }>(text, [Math.round(orderLifetimeMs)]);
  const { looked = 0, offenders = 0, first } = rows[0] ?? {};
  return { name: check.name, looked, offenders, first: first ?? [] };
}
