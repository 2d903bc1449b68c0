import type { GivenCommand } from './command-fields.ts';

export interface PendingOrder {
  readonly symbol: string;
  readonly shares: bigint;
  readonly price: bigint;
  readonly executedAt: number;
}

/** `armedBy` is the command that armed it: its number identifies the arming. */
export interface BuyTrigger {
  readonly reserve: bigint;
  readonly price: bigint | null;
  readonly armedBy: GivenCommand | null;
}
export interface SellTrigger {
  readonly amount: bigint;
  readonly price: bigint | null;
  readonly shares: bigint;
  readonly armedBy: GivenCommand | null;
}

/** SPEC §2. Mutable on purpose: a step works on a copy that is kept only if nothing refuses. */
export interface Account {
  balance: bigint;
  readonly holdings: Map<string, bigint>;
  pendingBuys: PendingOrder[];
  pendingSells: PendingOrder[];
  readonly buyTriggers: Map<string, BuyTrigger>;
  readonly sellTriggers: Map<string, SellTrigger>;
}

export function emptyAccount(): Account {
  return {
    balance: 0n,
    holdings: new Map(),
    pendingBuys: [],
    pendingSells: [],
    buyTriggers: new Map(),
    sellTriggers: new Map(),
  };
}

export function copyAccount(account: Account): Account {
  return {
    balance: account.balance,
    holdings: new Map(account.holdings),
    pendingBuys: [...account.pendingBuys],
    pendingSells: [...account.pendingSells],
    buyTriggers: new Map(account.buyTriggers),
    sellTriggers: new Map(account.sellTriggers),
  };
}

/** Drops the orders whose lifetime is over; what they held is available again. */
export function expireOrders(account: Account, instant: number, lifetimeMs: number): void {
  const lives = (order: PendingOrder): boolean => instant < order.executedAt + lifetimeMs;
  account.pendingBuys = account.pendingBuys.filter(lives);
  account.pendingSells = account.pendingSells.filter(lives);
}

export function heldCash(account: Account): bigint {
  return account.pendingBuys.reduce((sum, { shares, price }) => sum + shares * price, 0n);
}

export function availableCash(account: Account): bigint {
  return account.balance - heldCash(account);
}

export function holding(account: Account, symbol: string): bigint {
  return account.holdings.get(symbol) ?? 0n;
}

export function availableShares(account: Account, symbol: string): bigint {
  return account.pendingSells
    .filter((order) => order.symbol === symbol)
    .reduce((left, order) => left - order.shares, holding(account, symbol));
}

/** Shares come (positive) or go (negative); a stock of which none are left is no longer held. */
export function moveShares(account: Account, symbol: string, change: bigint): void {
  const shares = holding(account, symbol) + change;
  if (shares === 0n) account.holdings.delete(symbol);
  else account.holdings.set(symbol, shares);
}
