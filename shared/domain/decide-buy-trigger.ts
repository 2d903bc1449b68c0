/** `SET_BUY_AMOUNT`, `SET_BUY_TRIGGER` and `CANCEL_SET_BUY`. */
import { accepted, rejected, withPrice, type Context, type Decision } from './decision.ts';
import type { DomainEvent } from './event.ts';
import type { StockSymbol } from './identity.ts';
import { add, BALANCE_MAX, NO_MONEY, subtract, type Cents } from './money.ts';
import { available, type Portfolio } from './portfolio.ts';
import { costOf, sharesFor } from './shares.ts';
import { isBuyMet, type Arming } from './trigger.ts';

/** Reserves `amount`. A trigger that exists is cancelled first, and its reserve counts as available. */
export function decideSetBuyAmount(
  portfolio: Portfolio,
  { symbol, amount }: { readonly symbol: StockSymbol; readonly amount: Cents },
): Decision {
  const present = portfolio.buyTriggers.get(symbol);
  const returned = present?.amount ?? NO_MONEY;
  if (add(available(portfolio), returned) < amount) return rejected('insufficient-funds');
  if (subtract(add(portfolio.balance, returned), amount) > BALANCE_MAX) {
    return rejected('balance-limit');
  }
  const set: DomainEvent = { type: 'BuyAmountSet', symbol, amount };
  if (present === undefined) return accepted(set);
  return accepted({ type: 'BuyTriggerCancelled', symbol, returned, replaced: true }, set);
}

/** Arms the trigger at `price`, and fires it at once if the current price meets it. */
export function decideSetBuyTrigger(
  portfolio: Portfolio,
  { symbol, price }: { readonly symbol: StockSymbol; readonly price: Cents },
  context: Context,
): Decision {
  const trigger = portfolio.buyTriggers.get(symbol);
  if (trigger === undefined) return rejected('no-buy-amount');
  if (sharesFor(trigger.amount, price) < 1n) return rejected('amount-below-price');
  return withPrice(context, symbol, (current) => {
    const arming = { id: context.armingId, price, number: context.number };
    const armed: DomainEvent = { type: 'BuyTriggerArmed', symbol, arming };
    if (!isBuyMet(arming, current)) return accepted(armed);
    const fired = fireBuy({ symbol, reserve: trigger.amount, arming, current });
    if (add(portfolio.balance, fired.returned) > BALANCE_MAX) return rejected('balance-limit');
    return accepted(armed, fired);
  });
}

/** Cancels the trigger, armed or not, and returns its reserve to the balance. */
export function decideCancelSetBuy(portfolio: Portfolio, symbol: StockSymbol): Decision {
  const trigger = portfolio.buyTriggers.get(symbol);
  if (trigger === undefined) return rejected('no-buy-amount');
  if (add(portfolio.balance, trigger.amount) > BALANCE_MAX) return rejected('balance-limit');
  return accepted({ type: 'BuyTriggerCancelled', symbol, returned: trigger.amount });
}

type BuyFiring = {
  readonly symbol: StockSymbol;
  readonly reserve: Cents;
  readonly arming: Arming;
  readonly current: Cents;
};

/** Buys as many shares as the reserve pays for at the current price, and returns the rest of it. */
export function fireBuy({
  symbol,
  reserve,
  arming,
  current,
}: BuyFiring): Extract<DomainEvent, { type: 'BuyTriggerFired' }> {
  const shares = sharesFor(reserve, current);
  const returned = subtract(reserve, costOf(shares, current));
  return { type: 'BuyTriggerFired', symbol, arming, shares, price: current, returned };
}
