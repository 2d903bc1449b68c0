/** Reads one user's ledger: forwards for computations, backwards for people. */
import type { LedgerEntry } from '../domain/ledger.ts';
import type { Pool } from './pool.ts';
import { statement } from './statement.ts';

export type LedgerRow = {
  readonly id: bigint;
  readonly at: bigint;
  readonly number: bigint;
  readonly event: LedgerEntry['event'];
  readonly symbol: string | null;
  readonly price: bigint | null;
  readonly balance: bigint;
  readonly reserve: bigint;
  readonly deposited: bigint;
  readonly traded: bigint;
  readonly holding: bigint;
  readonly reserved_shares: bigint;
  readonly traded_shares: bigint;
};

/** By primary key. */
const AFTER = statement<LedgerRow>(
  'web-ledger-after',
  `SELECT id, at, number, event, symbol, price, balance, reserve, deposited, traded, holding,
          reserved_shares, traded_shares
     FROM ledger WHERE user_id = $1 AND id > $2 AND id <= $3 ORDER BY id LIMIT $4`,
);

/** Loads entries with ids above `after` and up to `upTo`, in their order. */
export const loadLedgerAfter = async (
  pool: Pool,
  user: string,
  range: { readonly after: bigint; readonly upTo: bigint; readonly most: number },
): Promise<readonly LedgerRow[]> =>
  await AFTER.run(pool, user, range.after, range.upTo, range.most);

const LAST = statement<{ id: bigint | null }>(
  'web-ledger-last',
  `SELECT max(id) AS id FROM ledger WHERE user_id = $1`,
);

/** Returns the id of a user's last entry; 0 if there is none. */
export const loadLastEntry = async (pool: Pool, user: string): Promise<bigint> =>
  (await LAST.run(pool, user))[0]?.id ?? 0n;

type LedgerFilter = {
  readonly before: string | undefined;
  readonly symbol: string | undefined;
  readonly event: string | undefined;
  readonly q: string | undefined;
  readonly from: number | undefined;
  readonly to: number | undefined;
};

export type LedgerPageRow = LedgerRow & {
  /** The balance of the account after the entry. */
  readonly balance_after: bigint;
};

/** Reads backwards from the last entry, after which the balance is that of the account. */
const PAGE = statement<LedgerPageRow>(
  'web-ledger-page',
  `SELECT id, at, number, event, symbol, price, balance, reserve, deposited, traded, holding,
          reserved_shares, traded_shares, balance_after
     FROM (SELECT l.*, (SELECT a.balance FROM accounts a WHERE a.user_id = $1) + l.balance
                  - (sum(l.balance) OVER (ORDER BY l.id DESC))::bigint AS balance_after
             FROM ledger l WHERE l.user_id = $1) AS entries
    WHERE ($2::bigint IS NULL OR id < $2)
      AND ($3::text IS NULL OR symbol = $3) AND ($4::text IS NULL OR event = $4)
      AND ($5::bigint IS NULL OR at >= $5) AND ($6::bigint IS NULL OR at < $6)
      AND ($7::text IS NULL
           OR strpos(lower(concat_ws(' ', symbol, event, number)), lower($7)) > 0)
    ORDER BY id DESC LIMIT $8`,
);

/** Loads a page of entries, the latest first. */
export const loadLedgerPage = async (
  pool: Pool,
  user: string,
  filter: LedgerFilter & { readonly most: number },
): Promise<readonly LedgerPageRow[]> =>
  await PAGE.run(
    pool,
    user,
    filter.before ?? null,
    filter.symbol ?? null,
    filter.event ?? null,
    filter.from ?? null,
    filter.to ?? null,
    filter.q ?? null,
    filter.most,
  );
