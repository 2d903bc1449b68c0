/** Runs two batches that touch every table of users, as the transaction process does. */
import type { StockSymbol, UserId } from '../../shared/domain/identity.ts';
import { cents } from '../../shared/domain/money.ts';
import { EMPTY_PORTFOLIO, type Portfolio } from '../../shared/domain/portfolio.ts';
import { shares } from '../../shared/domain/shares.ts';
import { instant } from '../../shared/domain/time.ts';
import { openBatchStore } from '../../shared/pg/batch-store.ts';
import type { Pool } from '../../shared/pg/pool.ts';

/** Changes two users in every possible way. */
export async function changeTwoUsers(pool: Pool): Promise<void> {
  const users = ['one', 'other'] as UserId[];
  const needs = {
    users,
    pairs: users.map((user) => ({ user, symbol: ABC })),
    whole: users.slice(0, 1),
    streams: users.map((user) => ({ user, stream: 'by-user' })),
    keys: users.map((owner) => ({ key: { owner, name: 'by-user' }, stream: 'web:by-user' })),
  };
  const batches = openBatchStore(pool);
  const change = (before: Portfolio, after: Portfolio, last: number): Promise<void> =>
    batches.inTransaction(async (tx) => {
      const { loaded, outboxId } = await tx.load(needs);
      tx.save(
        {
          changes: users.map((user) => ({ user, before, after })),
          ledger: users.map((user) => ({ ...LINE, user, position: last })),
          advances: needs.streams.map((stream) => ({ ...stream, ...ADVANCE, last })),
          keys: needs.keys.map((key) => ({ ...key, bodyHash: '', number: last, outcome: '' })),
          dumps: [],
          dumpsAskedAgain: [],
        },
        { outboxId, now: loaded.now, body: 'body', feed: '[]' },
      );
    });
  await change(EMPTY_PORTFOLIO, FULL, 1);
  await change(FULL, { ...EMPTY_PORTFOLIO, opened: true, balance: cents(1n) }, 2);
}

const ABC = 'ABC' as StockSymbol;
const FULL: Portfolio = {
  ...EMPTY_PORTFOLIO,
  ...{ opened: true, balance: cents(100n), ordersPlaced: 1 },
  holdings: new Map([[ABC, shares(5)]]),
  buys: [{ no: 1, symbol: ABC, shares: shares(2), price: cents(9), at: instant(1_000) }],
  buyTriggers: new Map([[ABC, { amount: cents(40), arming: undefined }]]),
};
const ADVANCE = { lastOutcome: '{}', bodyHash: undefined, at: 1 };
const LINE = {
  event: 'FundsAdded',
  ...{ symbol: undefined, price: undefined, armingId: undefined },
  ...{ at: 1, stream: 'by-user', number: 1, balance: cents(1), deposited: cents(1) },
  ...{ reserve: cents(0), traded: cents(0), holding: shares(0), tradedShares: shares(0) },
  reservedShares: shares(0),
} as const;
