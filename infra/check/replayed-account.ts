/** Renders the accounts that a log gives, as `daytrade accounts` writes those of a system. */
import { held, withoutExpired } from '../../shared/domain/portfolio.ts';
import { instant } from '../../shared/domain/time.ts';
import type { Order } from '../../shared/domain/order.ts';
import type { UserReplay } from './user-replay.ts';

type Moment = { readonly at: number; readonly orderLifetimeMs: number };

/** Renders an account as a JSON text, without the orders that have expired by `at`. Money is in cents. */
export function renderReplayedAccount(
  { user, portfolio: last }: UserReplay,
  { at, orderLifetimeMs }: Moment,
): string {
  const portfolio = withoutExpired(last, instant(at), orderLifetimeMs);
  return JSON.stringify({
    user,
    balance: Number(portfolio.balance),
    held: Number(held(portfolio)),
    holdings: bySymbol(portfolio.holdings, Number),
    pendingBuys: portfolio.buys.map(orderOf),
    pendingSells: portfolio.sells.map(orderOf),
    buyTriggers: bySymbol(portfolio.buyTriggers, ({ amount, arming }) => ({
      amount: Number(amount),
      price: arming === undefined ? null : Number(arming.price),
    })),
    sellTriggers: bySymbol(portfolio.sellTriggers, ({ amount, arming }) => ({
      amount: Number(amount),
      price: arming === undefined ? null : Number(arming.price),
      shares: Number(arming?.shares ?? 0n),
    })),
  });
}

const orderOf = ({ symbol, shares, price }: Order): object => ({
  symbol,
  shares: Number(shares),
  price: Number(price),
});

const bySymbol = <Value>(
  map: ReadonlyMap<string, Value>,
  valueOf: (value: Value) => unknown,
): Readonly<Record<string, unknown>> =>
  Object.fromEntries(
    [...map]
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .map(([symbol, value]) => [symbol, valueOf(value)]),
  );

/** Returns the users with an account, by name; undefined for all if one could not be replayed to the end. */
export function replayedAccounts(
  users: readonly UserReplay[],
): readonly UserReplay[] | { readonly notReplayed: UserReplay } {
  const notReplayed = users.find(({ stoppedAt }) => stoppedAt !== undefined);
  if (notReplayed !== undefined) return { notReplayed };
  return users
    .filter(({ portfolio }) => portfolio.opened)
    .sort((one, other) => (one.user < other.user ? -1 : 1));
}
