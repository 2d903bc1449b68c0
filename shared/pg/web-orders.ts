/** The order commands of one user near given commands, from which the fate of each order follows. */
import type { Pool } from './pool.ts';
import { statement } from './statement.ts';

export type OrderCommandRow = {
  readonly outbox_id: bigint;
  readonly index: number;
  readonly at: bigint;
  readonly command: 'BUY' | 'SELL' | 'COMMIT_BUY' | 'COMMIT_SELL' | 'CANCEL_BUY' | 'CANCEL_SELL';
  readonly symbol: string | null;
  readonly funds: bigint | null;
  /** The price of the quote that a BUY or SELL used. */
  readonly price: bigint | null;
  readonly now: bigint;
};

/** The latest quote received by then: no other quote is fresh at the same time. */
export const PRICE_THEN = `SELECT price FROM quote_history q
  WHERE q.symbol = c.symbol AND q.received_at <= c.at ORDER BY q.received_at DESC LIMIT 1`;

/**
 * The accepted order commands in the events from the last one more than a lifetime before each given command to the
 * first one a lifetime after it. Each end is found by the primary key, in as many steps as there are events between.
 * The spans of commands that are near each other overlap; joined, they have each event once.
 */
const NEAR = statement<OrderCommandRow>(
  'web-orders-near',
  `SELECT c.outbox_id, c.index, c.at, c.command, c.symbol, c.funds,
          CASE WHEN c.command IN ('BUY', 'SELL') THEN (${PRICE_THEN}) END AS price, now_ms() AS now
     FROM (SELECT unnest(range_agg(int8range(
             coalesce((SELECT outbox_id FROM audit_events WHERE user_id = $1
                          AND outbox_id < given.outbox_id AND at < given.at - $4::bigint
                        ORDER BY outbox_id DESC LIMIT 1), 0),
             (SELECT outbox_id FROM audit_events WHERE user_id = $1
                 AND outbox_id > given.outbox_id AND at > given.at + $4::bigint
               ORDER BY outbox_id LIMIT 1), '()'))) AS span
             FROM unnest($2::bigint[], $3::bigint[]) AS given (outbox_id, at)) AS spans
     JOIN audit_events c ON c.user_id = $1 AND c.kind = 'userCommand'
      AND c.outbox_id >= lower(span) AND c.outbox_id < coalesce(upper(span), 9223372036854775807)
      AND c.command IN ('BUY', 'SELL', 'COMMIT_BUY', 'COMMIT_SELL', 'CANCEL_BUY', 'CANCEL_SELL')
    WHERE NOT EXISTS (SELECT FROM audit_events e
            WHERE e.user_id = c.user_id AND e.outbox_id = c.outbox_id AND e.at = c.at
              AND e.kind = 'errorEvent' AND e.number = c.number AND e.index > c.index
              AND e.stream IS NOT DISTINCT FROM c.stream)
    ORDER BY c.outbox_id, c.index`,
);

type CommandPlace = { readonly outbox_id: bigint; readonly at: bigint };

/** Loads the accepted order commands within one lifetime of an order of each given command, in their order. */
export const loadOrderCommands = async (
  pool: Pool,
  user: string,
  given: readonly CommandPlace[],
  orderLifetimeMs: number,
): Promise<readonly OrderCommandRow[]> =>
  given.length === 0
    ? []
    : await NEAR.run(
        pool,
        user,
        given.map((place) => place.outbox_id),
        given.map(({ at }) => at),
        Math.round(orderLifetimeMs),
      );
