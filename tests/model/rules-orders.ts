import { availableCash, availableShares, moveShares } from './account.ts';
import type { PendingOrder } from './account.ts';
import type { AmountCommand } from './command-fields.ts';
import { demand, Refused } from './rejection.ts';
import type { Step } from './step.ts';

export function buy(step: Step, { symbol, amount }: AmountCommand): void {
  const { account, instant } = step;
  demand(availableCash(account) >= amount, 'insufficient-funds');
  const price = step.quote(symbol);
  const shares = amount / price;
  demand(shares >= 1n, 'amount-below-price');
  account.pendingBuys.push({ symbol, shares, price, executedAt: instant });
}

export function commitBuy(step: Step): void {
  const { symbol, shares, price } = cancelBuy(step);
  step.moveCash(-(shares * price));
  moveShares(step.account, symbol, shares);
}

export function cancelBuy(step: Step): PendingOrder {
  const latest = step.account.pendingBuys.pop();
  if (latest === undefined) throw new Refused('no-pending-buy');
  return latest;
}

export function sell(step: Step, { symbol, amount }: AmountCommand): void {
  const { account, instant } = step;
  demand(availableShares(account, symbol) >= 1n, 'no-shares');
  const price = step.quote(symbol);
  const shares = amount / price;
  demand(shares >= 1n, 'amount-below-price');
  demand(availableShares(account, symbol) >= shares, 'insufficient-shares');
  account.pendingSells.push({ symbol, shares, price, executedAt: instant });
}

export function commitSell(step: Step): void {
  const { symbol, shares, price } = cancelSell(step);
  moveShares(step.account, symbol, -shares);
  step.moveCash(shares * price);
}

export function cancelSell(step: Step): PendingOrder {
  const latest = step.account.pendingSells.pop();
  if (latest === undefined) throw new Refused('no-pending-sell');
  return latest;
}
