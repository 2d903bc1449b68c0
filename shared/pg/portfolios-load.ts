/** Locks users and loads everything that their commands can touch, in one round trip. */
import { armingId, type ArmingId, type StockSymbol, type UserId } from '../domain/identity.ts';
import type { Cents } from '../domain/money.ts';
import type { Order } from '../domain/order.ts';
import { EMPTY_PORTFOLIO, type Portfolio } from '../domain/portfolio.ts';
import type { Shares } from '../domain/shares.ts';
import { instant } from '../domain/time.ts';
import type { BuyTrigger, SellTrigger } from '../domain/trigger.ts';
import type { PortfolioNeeds } from '../ports/batch-store.ts';
import { TransientError } from '../runtime/errors.ts';
import type { Client } from './pool.ts';
import { statement } from './statement.ts';

const MAKE_LOCKS = statement(
  'users-make',
  `INSERT INTO users (user_id)
   SELECT user_id FROM unnest($1::text[]) AS u (user_id) ORDER BY user_id COLLATE "C"
   ON CONFLICT DO NOTHING`,
);

/** In the order of names, as in every transaction, so that two batches cannot deadlock. */
const TAKE_LOCKS = statement<{ user_id: UserId }>(
  'users-lock',
  `SELECT user_id FROM users WHERE user_id = ANY ($1::text[]) ORDER BY user_id FOR UPDATE`,
);

/**
 * Locks the users' rows until the transaction ends, after creating them unless all are known to exist. Later
 * statements see what the previous holders of the locks committed, because in a READ COMMITTED transaction each
 * statement sees all commits before its start. Rejects with a `TransientError` if a row is missing.
 */
export async function lockUsers(
  client: Client,
  users: readonly UserId[],
  { areKnown }: { readonly areKnown: boolean },
): Promise<void> {
  const made = areKnown ? undefined : MAKE_LOCKS.run(client, users);
  const [locked] = await Promise.all([TAKE_LOCKS.run(client, users), made]);
  if (locked.length !== users.length) {
    throw new TransientError('database-unavailable', 'the rows of known users are missing');
  }
}

type AccountRow = { user_id: UserId; balance: Cents; orders_placed: bigint };
const ACCOUNTS = statement<AccountRow>(
  'accounts-load',
  `SELECT user_id, balance, orders_placed FROM accounts WHERE user_id = ANY ($1::text[])`,
);

type HoldingRow = { user_id: UserId; symbol: StockSymbol; shares: Shares };
/** By primary key. Includes the symbols of pending orders, which a commit uses without naming them. */
const HOLDINGS = statement<HoldingRow>(
  'holdings-load',
  `SELECT user_id, symbol, shares FROM holdings
    WHERE shares > 0 AND (user_id, symbol) IN (
          SELECT * FROM unnest($2::text[], $3::text[])
          UNION SELECT user_id, symbol FROM orders WHERE user_id = ANY ($1::text[]))`,
);
const WHOLE_HOLDINGS = statement<HoldingRow>(
  'holdings-load-whole',
  `SELECT user_id, symbol, shares FROM holdings
    WHERE shares > 0 AND user_id = ANY ($1::text[])`,
);

type OrderRow = {
  user_id: UserId;
  no: bigint;
  side: 'buy' | 'sell';
  symbol: StockSymbol;
  shares: Shares;
  price: Cents;
  at: bigint;
};
const ORDERS = statement<OrderRow>(
  'orders-load',
  `SELECT user_id, no, side, symbol, shares, price, at FROM orders
    WHERE user_id = ANY ($1::text[]) ORDER BY user_id, no`,
);

type TriggerRow = {
  user_id: UserId;
  symbol: StockSymbol;
  side: 'buy' | 'sell';
  amount: Cents;
  arming_id: string | null;
  price: Cents | null;
  shares: Shares;
  armed_number: bigint | null;
};
const TRIGGERS = statement<TriggerRow>(
  'triggers-load',
  `SELECT user_id, symbol, side, amount, arming_id, price, shares, armed_number FROM triggers
    WHERE (user_id, symbol) IN (SELECT * FROM unnest($1::text[], $2::text[]))`,
);
const WHOLE_TRIGGERS = statement<TriggerRow>(
  'triggers-load-whole',
  `SELECT user_id, symbol, side, amount, arming_id, price, shares, armed_number FROM triggers
    WHERE user_id = ANY ($1::text[])`,
);

/** Loads the portfolios of locked users. A user without an account has the empty portfolio. */
export async function loadPortfolios(
  client: Client,
  needs: PortfolioNeeds,
): Promise<Map<UserId, Portfolio>> {
  const { users, whole } = needs;
  const pairUsers = needs.pairs.map(({ user }) => user);
  const pairSymbols = needs.pairs.map(({ symbol }) => symbol);
  const [accounts, holdings, orders, triggers, wholeHoldings, wholeTriggers] = await Promise.all([
    ACCOUNTS.run(client, users),
    HOLDINGS.run(client, users, pairUsers, pairSymbols),
    ORDERS.run(client, users),
    TRIGGERS.run(client, pairUsers, pairSymbols),
    whole.length > 0 ? WHOLE_HOLDINGS.run(client, whole) : [],
    whole.length > 0 ? WHOLE_TRIGGERS.run(client, whole) : [],
  ]);
  const drafts = new Map(users.map((user) => [user, draftOf()]));
  const draft = (user: UserId): Draft => drafts.get(user) ?? draftOf();
  for (const row of accounts) Object.assign(draft(row.user_id), accountOf(row));
  for (const row of [...holdings, ...wholeHoldings]) {
    draft(row.user_id).holdings.set(row.symbol, row.shares);
  }
  for (const row of orders) {
    (row.side === 'buy' ? draft(row.user_id).buys : draft(row.user_id).sells).push(orderOf(row));
  }
  for (const row of [...triggers, ...wholeTriggers]) addTrigger(draft(row.user_id), row);
  return drafts;
}

/** A portfolio whose rows are being added. */
type Draft = Portfolio & {
  readonly holdings: Map<StockSymbol, Shares>;
  readonly buys: Order[];
  readonly sells: Order[];
  readonly buyTriggers: Map<StockSymbol, BuyTrigger>;
  readonly sellTriggers: Map<StockSymbol, SellTrigger>;
};

const draftOf = (): Draft => ({
  ...EMPTY_PORTFOLIO,
  holdings: new Map(),
  buys: [],
  sells: [],
  buyTriggers: new Map(),
  sellTriggers: new Map(),
});

const accountOf = (row: AccountRow): Partial<Portfolio> => ({
  opened: true,
  balance: row.balance,
  ordersPlaced: Number(row.orders_placed),
});

const orderOf = ({ no, symbol, shares, price, at }: OrderRow): Order => ({
  no: Number(no),
  symbol,
  shares,
  price,
  at: instant(Number(at)),
});

function addTrigger(draft: Draft, row: TriggerRow): void {
  const arming = armingOf(row);
  if (row.side === 'buy') {
    draft.buyTriggers.set(row.symbol, { amount: row.amount, arming });
  } else {
    const reserved = arming === undefined ? undefined : { ...arming, shares: row.shares };
    draft.sellTriggers.set(row.symbol, { amount: row.amount, arming: reserved });
  }
}

function armingOf(
  row: TriggerRow,
): { readonly id: ArmingId; readonly price: Cents; readonly number: number } | undefined {
  if (row.arming_id === null || row.price === null) return undefined;
  return { id: armingId(row.arming_id), price: row.price, number: Number(row.armed_number) };
}
