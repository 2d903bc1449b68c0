import { availableShares, moveShares } from './account.ts';
import type { SellTrigger } from './account.ts';
import type { AmountCommand } from './command-fields.ts';
import { demand, Refused } from './rejection.ts';
import type { Step } from './step.ts';

export function setSellAmount(step: Step, { symbol, amount }: AmountCommand): void {
  const { account } = step;
  const present = account.sellTriggers.get(symbol);
  demand(availableShares(account, symbol) + (present?.shares ?? 0n) >= 1n, 'no-shares');
  if (present !== undefined) cancelSetSell(step, symbol);
  account.sellTriggers.set(symbol, { amount, price: null, shares: 0n, armedBy: null });
}

export function setSellTrigger(step: Step, command: AmountCommand): void {
  const { account } = step;
  const { symbol, amount: price } = command;
  const present = presentSellTrigger(step, symbol);
  const shares = present.amount / price;
  demand(shares >= 1n, 'amount-below-price');
  demand(availableShares(account, symbol) + present.shares >= shares, 'insufficient-shares');
  const quote = step.quote(symbol);
  moveShares(account, symbol, present.shares - shares);
  account.sellTriggers.set(symbol, { amount: present.amount, price, shares, armedBy: command });
  if (quote >= price) fireSell(step, symbol, quote);
}

export function cancelSetSell(step: Step, symbol: string): void {
  const { shares } = presentSellTrigger(step, symbol);
  step.account.sellTriggers.delete(symbol);
  moveShares(step.account, symbol, shares);
}

/** Sells the reserved shares at the quote. */
export function fireSell(step: Step, symbol: string, quote: bigint): void {
  const { shares } = presentSellTrigger(step, symbol);
  step.account.sellTriggers.delete(symbol);
  step.noteFiring();
  step.moveCash(shares * quote);
}

function presentSellTrigger(step: Step, symbol: string): SellTrigger {
  const present = step.account.sellTriggers.get(symbol);
  if (present === undefined) throw new Refused('no-sell-amount');
  return present;
}
