import { copyAccount, expireOrders, heldCash } from './account.ts';
import type { Account, PendingOrder } from './account.ts';

interface OrderLine {
  readonly symbol: string;
  readonly shares: number;
  readonly price: number;
}

/** A line of the accounts file; money is in cents. */
export interface AccountLine {
  readonly user: string;
  readonly balance: number;
  readonly held: number;
  readonly holdings: Readonly<Record<string, number>>;
  readonly pendingBuys: readonly OrderLine[];
  readonly pendingSells: readonly OrderLine[];
  readonly buyTriggers: Readonly<
    Record<string, { readonly amount: number; readonly price: number | null }>
  >;
  readonly sellTriggers: Readonly<
    Record<
      string,
      { readonly amount: number; readonly price: number | null; readonly shares: number }
    >
  >;
}

export function accountLineOf(
  user: string,
  stored: Account,
  instant: number,
  orderLifetimeMs: number,
): AccountLine {
  const account = copyAccount(stored);
  expireOrders(account, instant, orderLifetimeMs);
  return {
    user,
    balance: exact(account.balance),
    held: exact(heldCash(account)),
    holdings: record(account.holdings, exact),
    pendingBuys: account.pendingBuys.map(orderLine),
    pendingSells: account.pendingSells.map(orderLine),
    buyTriggers: record(account.buyTriggers, ({ reserve, price }) => ({
      amount: exact(reserve),
      price: price === null ? null : exact(price),
    })),
    sellTriggers: record(account.sellTriggers, ({ amount, price, shares }) => ({
      amount: exact(amount),
      price: price === null ? null : exact(price),
      shares: exact(shares),
    })),
  };
}

function orderLine({ symbol, shares, price }: PendingOrder): OrderLine {
  return { symbol, shares: exact(shares), price: exact(price) };
}

function record<From, To>(map: ReadonlyMap<string, From>, line: (from: From) => To) {
  const entries = [...map].sort(([one], [other]) => (one < other ? -1 : 1));
  return Object.fromEntries(entries.map(([symbol, from]) => [symbol, line(from)]));
}

/** JSON's numbers are exact up to 2^53 − 1 only. */
function exact(amount: bigint): number {
  const number = Number(amount);
  if (!Number.isSafeInteger(number))
    throw new Error(`${amount.toString()} is no exact JSON number`);
  return number;
}
