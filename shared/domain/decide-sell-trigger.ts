/** `SET_SELL_AMOUNT`, `SET_SELL_TRIGGER` and `CANCEL_SET_SELL`. */
import { accepted, rejected, withPrice, type Context, type Decision } from './decision.ts';
import type { DomainEvent } from './event.ts';
import type { StockSymbol } from './identity.ts';
import { add, BALANCE_MAX, type Cents } from './money.ts';
import { availableShares, type Portfolio } from './portfolio.ts';
import { addShares, costOf, sharesFor, type Shares } from './shares.ts';
import { isSellMet, reservedShares } from './trigger.ts';

/** Sets the amount to sell for. A trigger that exists is cancelled first; no shares are reserved yet. */
export function decideSetSellAmount(
  portfolio: Portfolio,
  { symbol, amount }: { readonly symbol: StockSymbol; readonly amount: Cents },
): Decision {
  if (sellable(portfolio, symbol) < 1n) return rejected('no-shares');
  const present = portfolio.sellTriggers.get(symbol);
  const set: DomainEvent = { type: 'SellAmountSet', symbol, amount };
  if (present === undefined) return accepted(set);
  const released = reservedShares(present);
  return accepted({ type: 'SellTriggerCancelled', symbol, released, replaced: true }, set);
}

/**
 * Arms the trigger at `price` and reserves as many shares as its amount at that price. Fires it at once
 * if the current price meets it.
 */
export function decideSetSellTrigger(
  portfolio: Portfolio,
  { symbol, price }: { readonly symbol: StockSymbol; readonly price: Cents },
  context: Context,
): Decision {
  const trigger = portfolio.sellTriggers.get(symbol);
  if (trigger === undefined) return rejected('no-sell-amount');
  const shares = sharesFor(trigger.amount, price);
  if (shares < 1n) return rejected('amount-below-price');
  if (shares > sellable(portfolio, symbol)) return rejected('insufficient-shares');
  return withPrice(context, symbol, (current) => {
    const arming = { id: context.armingId, price, number: context.number };
    const released = reservedShares(trigger);
    const armed: DomainEvent = { type: 'SellTriggerArmed', symbol, arming, shares, released };
    if (!isSellMet(arming, current)) return accepted(armed);
    if (exceedsLimit(portfolio, shares, current)) return rejected('balance-limit');
    return accepted(armed, { type: 'SellTriggerFired', symbol, arming, shares, price: current });
  });
}

/** Cancels the trigger, armed or not, and releases the shares that it reserves. */
export function decideCancelSetSell(portfolio: Portfolio, symbol: StockSymbol): Decision {
  const trigger = portfolio.sellTriggers.get(symbol);
  if (trigger === undefined) return rejected('no-sell-amount');
  return accepted({ type: 'SellTriggerCancelled', symbol, released: reservedShares(trigger) });
}

/** Whether the proceeds of a sale would take the balance over its limit. */
export const exceedsLimit = (portfolio: Portfolio, shares: Shares, price: Cents): boolean =>
  add(portfolio.balance, costOf(shares, price)) > BALANCE_MAX;

/** Available shares, including those that the symbol's sell trigger reserves. */
const sellable = (portfolio: Portfolio, symbol: StockSymbol): Shares =>
  addShares(availableShares(portfolio, symbol), reservedShares(portfolio.sellTriggers.get(symbol)));
