/** Stores and loads the ledger, which has every movement of money and shares. */
import type { UserId } from '../domain/identity.ts';
import type { LedgerEntry } from '../domain/ledger.ts';
import { RECENT_MAX, type LedgerLine, type RecentEntry } from '../ports/batch-store.ts';
import type { Client } from './pool.ts';
import { columnsOf } from './portfolios-save.ts';
import { statement } from './statement.ts';

const APPEND = statement(
  'ledger-append',
  `INSERT INTO ledger (user_id, at, stream, position, number, event, symbol, price, arming_id,
                       balance, reserve, deposited, traded, holding, reserved_shares, traded_shares)
   SELECT * FROM unnest($1::text[], $2::bigint[], $3::text[], $4::bigint[], $5::bigint[],
                        $6::text[], $7::text[], $8::bigint[], $9::uuid[], $10::bigint[],
                        $11::bigint[], $12::bigint[], $13::bigint[], $14::bigint[],
                        $15::bigint[], $16::bigint[])`,
);

export async function appendLedger(client: Client, lines: readonly LedgerLine[]): Promise<void> {
  if (lines.length === 0) return;
  await APPEND.run(
    client,
    ...columnsOf(
      lines.map((line) => [
        line.user,
        line.at,
        line.stream ?? null,
        line.position ?? null,
        line.number,
        line.event,
        line.symbol ?? null,
        line.price ?? null,
        line.armingId ?? null,
        line.balance,
        line.reserve,
        line.deposited,
        line.traded,
        line.holding,
        line.reservedShares,
        line.tradedShares,
      ]),
    ),
  );
}

type RecentRow = {
  user_id: UserId;
  at: bigint;
  number: bigint;
  event: LedgerEntry['event'];
  symbol: string | null;
  price: bigint | null;
  balance: bigint;
  reserve: bigint;
  holding: bigint;
  reserved_shares: bigint;
};
/** By primary key, backwards, for each user. */
const RECENT = statement<RecentRow>(
  'ledger-recent',
  `SELECT l.* FROM unnest($1::text[]) AS u (user_id) CROSS JOIN LATERAL (
     SELECT user_id, at, number, event, symbol, price, balance, reserve, holding, reserved_shares
       FROM ledger WHERE ledger.user_id = u.user_id ORDER BY id DESC LIMIT ${RECENT_MAX}) AS l`,
);

/** Returns the latest `RECENT_MAX` entries of each user, the latest first. */
export async function loadRecent(
  client: Client,
  users: readonly UserId[],
): Promise<Map<UserId, RecentEntry[]>> {
  const recent = new Map<UserId, RecentEntry[]>(users.map((user) => [user, []]));
  if (users.length === 0) return recent;
  for (const row of await RECENT.run(client, users)) recent.get(row.user_id)?.push(recentOf(row));
  return recent;
}

const recentOf = (row: RecentRow): RecentEntry => ({
  at: Number(row.at),
  number: Number(row.number),
  event: row.event,
  symbol: row.symbol ?? undefined,
  price: row.price === null ? undefined : Number(row.price),
  balance: Number(row.balance),
  reserve: Number(row.reserve),
  holding: Number(row.holding),
  reservedShares: Number(row.reserved_shares),
});
