/** `BUY`, `COMMIT_BUY` and `CANCEL_BUY`. */
import { accepted, rejected, withPrice, type Context, type Decision } from './decision.ts';
import type { StockSymbol } from './identity.ts';
import type { Cents } from './money.ts';
import { available, type Portfolio } from './portfolio.ts';
import { sharesFor } from './shares.ts';

/** Places an order for as many whole shares as `amount` pays for. It holds their cost, not `amount`. */
export function decideBuy(
  portfolio: Portfolio,
  { symbol, amount }: { readonly symbol: StockSymbol; readonly amount: Cents },
  context: Context,
): Decision {
  if (available(portfolio) < amount) return rejected('insufficient-funds');
  return withPrice(context, symbol, (price) => {
    const shares = sharesFor(amount, price);
    if (shares < 1n) return rejected('amount-below-price');
    const order = { no: portfolio.ordersPlaced + 1, symbol, shares, price, at: context.now };
    return accepted({ type: 'BuyPlaced', order });
  });
}

/** Commits the most recent pending buy. */
export function decideCommitBuy(portfolio: Portfolio): Decision {
  const order = portfolio.buys.at(-1);
  return order === undefined
    ? rejected('no-pending-buy')
    : accepted({ type: 'BuyCommitted', order });
}

/** Cancels the most recent pending buy. */
export function decideCancelBuy(portfolio: Portfolio): Decision {
  const order = portfolio.buys.at(-1);
  return order === undefined
    ? rejected('no-pending-buy')
    : accepted({ type: 'BuyCancelled', order });
}
