/** The firing of a trigger that a quote met, in the order of its user's commands. Source: SPEC §3.2. */
import type { FireTrigger } from './command.ts';
import { fireBuy } from './decide-buy-trigger.ts';
import { exceedsLimit } from './decide-sell-trigger.ts';
import { accepted, withPrice, type Context, type Decision } from './decision.ts';
import type { StockSymbol } from './identity.ts';
import { add, BALANCE_MAX, type Cents } from './money.ts';
import type { Portfolio } from './portfolio.ts';
import { isBuyMet, isSellMet, type BuyTrigger, type SellTrigger } from './trigger.ts';

/**
 * Fires the trigger if the arming that the quote met still exists and the current price still meets it.
 * Accepts without an event if that arming is gone, if its price is no longer met, or if no quote is
 * available; in the last two cases the trigger stays armed. If firing would take the balance over its
 * limit, disarms a buy trigger and cancels a sell trigger.
 */
export function decideFiring(
  portfolio: Portfolio,
  command: FireTrigger,
  context: Context,
): Decision {
  const { symbol, side } = command;
  const trigger =
    side === 'buy' ? portfolio.buyTriggers.get(symbol) : portfolio.sellTriggers.get(symbol);
  if (trigger?.arming?.id !== command.armingId) return accepted();
  if (context.quote?.type === 'unavailable') return accepted();
  return withPrice(context, symbol, (current) =>
    side === 'buy'
      ? fireBuyTrigger(portfolio, symbol, current)
      : fireSellTrigger(portfolio, symbol, current),
  );
}

function fireBuyTrigger(portfolio: Portfolio, symbol: StockSymbol, current: Cents): Decision {
  const trigger: BuyTrigger | undefined = portfolio.buyTriggers.get(symbol);
  const arming = trigger?.arming;
  if (trigger === undefined || arming === undefined || !isBuyMet(arming, current)) {
    return accepted();
  }
  const fired = fireBuy({ symbol, reserve: trigger.amount, arming, current });
  // Returning the whole reserve would exceed the limit even more, so the reserve stays and the arming goes.
  if (add(portfolio.balance, fired.returned) > BALANCE_MAX) {
    return accepted({ type: 'BuyTriggerDisarmed', symbol });
  }
  return accepted(fired);
}

function fireSellTrigger(portfolio: Portfolio, symbol: StockSymbol, current: Cents): Decision {
  const trigger: SellTrigger | undefined = portfolio.sellTriggers.get(symbol);
  const arming = trigger?.arming;
  if (arming === undefined || !isSellMet(arming, current)) return accepted();
  const { shares } = arming;
  if (exceedsLimit(portfolio, shares, current)) {
    return accepted({ type: 'SellTriggerCancelled', symbol, released: shares });
  }
  return accepted({ type: 'SellTriggerFired', symbol, arming, shares, price: current });
}
