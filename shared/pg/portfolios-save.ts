/** Saves the changes of a batch, with no statement for a table that did not change. */
import type { StockSymbol } from '../domain/identity.ts';
import type { Order } from '../domain/order.ts';
import type { Portfolio } from '../domain/portfolio.ts';
import { NO_SHARES, type Shares } from '../domain/shares.ts';
import type { BuyTrigger, SellTrigger } from '../domain/trigger.ts';
import type { PortfolioChange } from '../ports/batch-store.ts';
import type { Client } from './pool.ts';
import { statement, type Parameter, type Statement } from './statement.ts';

const ACCOUNTS = statement(
  'accounts-save',
  `INSERT INTO accounts (user_id, balance, orders_placed)
   SELECT * FROM unnest($1::text[], $2::bigint[], $3::bigint[])
   ON CONFLICT (user_id) DO UPDATE
      SET balance = EXCLUDED.balance, orders_placed = EXCLUDED.orders_placed`,
);

const HOLDINGS = statement(
  'holdings-save',
  `INSERT INTO holdings (user_id, symbol, shares)
   SELECT * FROM unnest($1::text[], $2::text[], $3::bigint[])
   ON CONFLICT (user_id, symbol) DO UPDATE SET shares = EXCLUDED.shares`,
);

const ORDERS_GONE = statement(
  'orders-delete',
  `DELETE FROM orders USING unnest($1::text[], $2::bigint[]) AS gone (user_id, no)
    WHERE orders.user_id = gone.user_id AND orders.no = gone.no`,
);

const ORDERS_NEW = statement(
  'orders-insert',
  `INSERT INTO orders (user_id, no, side, symbol, shares, price, at)
   SELECT * FROM unnest($1::text[], $2::bigint[], $3::text[], $4::text[], $5::bigint[],
                        $6::bigint[], $7::bigint[])`,
);

const TRIGGERS_GONE = statement(
  'triggers-delete',
  `DELETE FROM triggers USING unnest($1::text[], $2::text[], $3::text[]) AS gone (user_id, symbol, side)
    WHERE triggers.user_id = gone.user_id AND triggers.symbol = gone.symbol
      AND triggers.side = gone.side`,
);

const TRIGGERS = statement(
  'triggers-save',
  `INSERT INTO triggers (user_id, symbol, side, amount, arming_id, price, shares, armed_number)
   SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::bigint[], $5::uuid[],
                        $6::bigint[], $7::bigint[], $8::bigint[])
   ON CONFLICT (user_id, symbol, side) DO UPDATE
      SET amount = EXCLUDED.amount, arming_id = EXCLUDED.arming_id, price = EXCLUDED.price,
          shares = EXCLUDED.shares, armed_number = EXCLUDED.armed_number`,
);

/** Sends the statements that save the changes, without waiting for their results. */
export function savePortfolios(
  client: Client,
  changes: readonly PortfolioChange[],
): readonly Promise<unknown>[] {
  const changed = changes.filter(({ before, after }) => before !== after);
  const write = (to: Statement<never>, rows: readonly Row[]): Promise<unknown>[] =>
    rows.length === 0 ? [] : [to.run(client, ...columnsOf(rows))];
  return [
    ...write(ACCOUNTS, changed.flatMap(accountRows)),
    ...write(HOLDINGS, changed.flatMap(holdingRows)),
    ...write(ORDERS_GONE, changed.flatMap(goneOrderRows)),
    ...write(ORDERS_NEW, changed.flatMap(newOrderRows)),
    ...write(TRIGGERS_GONE, changed.flatMap(goneTriggerRows)),
    ...write(TRIGGERS, changed.flatMap(triggerRows)),
  ];
}

type Cell = string | number | bigint | null;
export type Row = readonly Cell[];

/** Turns rows to columns, the form in which `unnest` takes a table. */
export function columnsOf(rows: readonly Row[]): readonly Parameter[] {
  const width = rows[0]?.length ?? 0;
  return Array.from({ length: width }, (_, column) => rows.map((row) => row[column] ?? null));
}

function accountRows({ user, before, after }: PortfolioChange): Row[] {
  const isSame =
    before.balance === after.balance &&
    before.ordersPlaced === after.ordersPlaced &&
    before.opened === after.opened;
  return isSame ? [] : [[user, after.balance, after.ordersPlaced]];
}

function holdingRows({ user, before, after }: PortfolioChange): Row[] {
  if (before.holdings === after.holdings) return [];
  const rows: Row[] = [];
  const add = (symbol: StockSymbol, shares: Shares): void => void rows.push([user, symbol, shares]);
  for (const [symbol, shares] of after.holdings) {
    if (before.holdings.get(symbol) !== shares) add(symbol, shares);
  }
  for (const symbol of before.holdings.keys()) {
    if (!after.holdings.has(symbol)) add(symbol, NO_SHARES);
  }
  return rows;
}

const numbersOf = ({ buys, sells }: Portfolio): ReadonlySet<number> =>
  new Set([...buys, ...sells].map(({ no }) => no));

function goneOrderRows({ user, before, after }: PortfolioChange): Row[] {
  if (before.buys === after.buys && before.sells === after.sells) return [];
  const left = numbersOf(after);
  return [...numbersOf(before)].filter((no) => !left.has(no)).map((no) => [user, no]);
}

function newOrderRows({ user, before, after }: PortfolioChange): Row[] {
  if (before.buys === after.buys && before.sells === after.sells) return [];
  const known = numbersOf(before);
  const rowsOf = (side: string, orders: readonly Order[]): Row[] =>
    orders
      .filter(({ no }) => !known.has(no))
      .map(({ no, symbol, shares, price, at }) => [user, no, side, symbol, shares, price, at]);
  return [...rowsOf('buy', after.buys), ...rowsOf('sell', after.sells)];
}

type TriggerMap = ReadonlyMap<StockSymbol, BuyTrigger | SellTrigger>;

/** Returns the side, and its triggers before and after the batch, for both sides. */
const sidesOf = ({
  before,
  after,
}: PortfolioChange): readonly (readonly [string, TriggerMap, TriggerMap])[] => [
  ['buy', before.buyTriggers, after.buyTriggers],
  ['sell', before.sellTriggers, after.sellTriggers],
];

const goneTriggerRows = (change: PortfolioChange): Row[] =>
  sidesOf(change).flatMap(([side, before, after]) =>
    [...before.keys()]
      .filter((symbol) => !after.has(symbol))
      .map((symbol) => [change.user, symbol, side]),
  );

const triggerRows = (change: PortfolioChange): Row[] =>
  sidesOf(change).flatMap(([side, before, after]) =>
    [...after]
      .filter(([symbol, trigger]) => before.get(symbol) !== trigger)
      .map(([symbol, trigger]) => triggerRow([change.user, symbol, side], trigger)),
  );

function triggerRow(key: Row, { amount, arming }: BuyTrigger | SellTrigger): Row {
  if (arming === undefined) return [...key, amount, null, null, 0, null];
  const shares = 'shares' in arming ? arming.shares : 0;
  return [...key, amount, arming.id, arming.price, shares, arming.number];
}
