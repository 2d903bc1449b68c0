import { availableCash, moveShares } from './account.ts';
import type { BuyTrigger } from './account.ts';
import type { AmountCommand } from './command-fields.ts';
import { demand, Refused } from './rejection.ts';
import type { Step } from './step.ts';

export function setBuyAmount(step: Step, { symbol, amount }: AmountCommand): void {
  const { account } = step;
  const present = account.buyTriggers.get(symbol);
  demand(availableCash(account) + (present?.reserve ?? 0n) >= amount, 'insufficient-funds');
  if (present !== undefined) cancelSetBuy(step, symbol);
  step.moveCash(-amount);
  account.buyTriggers.set(symbol, { reserve: amount, price: null, armedBy: null });
}

export function setBuyTrigger(step: Step, command: AmountCommand): void {
  const { account } = step;
  const { symbol, amount: price } = command;
  const { reserve } = presentBuyTrigger(step, symbol);
  demand(reserve / price >= 1n, 'amount-below-price');
  const quote = step.quote(symbol);
  account.buyTriggers.set(symbol, { reserve, price, armedBy: command });
  if (quote <= price) fireBuy(step, symbol, quote);
}

export function cancelSetBuy(step: Step, symbol: string): void {
  const { reserve } = presentBuyTrigger(step, symbol);
  step.account.buyTriggers.delete(symbol);
  step.moveCash(reserve);
}

/** Buys what the reserve can buy at the quote; what is left of it goes back to the balance. */
export function fireBuy(step: Step, symbol: string, quote: bigint): void {
  const { reserve } = presentBuyTrigger(step, symbol);
  const shares = reserve / quote;
  const leftOver = reserve - shares * quote;
  step.account.buyTriggers.delete(symbol);
  moveShares(step.account, symbol, shares);
  step.noteFiring();
  if (leftOver > 0n) step.moveCash(leftOver);
}

function presentBuyTrigger(step: Step, symbol: string): BuyTrigger {
  const present = step.account.buyTriggers.get(symbol);
  if (present === undefined) throw new Refused('no-buy-amount');
  return present;
}
