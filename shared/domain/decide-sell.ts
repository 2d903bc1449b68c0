/** `SELL`, `COMMIT_SELL` and `CANCEL_SELL`. */
import { accepted, rejected, withPrice, type Context, type Decision } from './decision.ts';
import type { StockSymbol } from './identity.ts';
import { add, BALANCE_MAX, type Cents } from './money.ts';
import { orderCost } from './order.ts';
import { availableShares, type Portfolio } from './portfolio.ts';
import { sharesFor } from './shares.ts';

/** Places an order to sell as many whole shares as `amount` divided by the current price. */
export function decideSell(
  portfolio: Portfolio,
  { symbol, amount }: { readonly symbol: StockSymbol; readonly amount: Cents },
  context: Context,
): Decision {
  const free = availableShares(portfolio, symbol);
  if (free < 1n) return rejected('no-shares');
  return withPrice(context, symbol, (price) => {
    const shares = sharesFor(amount, price);
    if (shares < 1n) return rejected('amount-below-price');
    if (shares > free) return rejected('insufficient-shares');
    const order = { no: portfolio.ordersPlaced + 1, symbol, shares, price, at: context.now };
    return accepted({ type: 'SellPlaced', order });
  });
}

/** Commits the most recent pending sell. */
export function decideCommitSell(portfolio: Portfolio): Decision {
  const order = portfolio.sells.at(-1);
  if (order === undefined) return rejected('no-pending-sell');
  if (add(portfolio.balance, orderCost(order)) > BALANCE_MAX) return rejected('balance-limit');
  return accepted({ type: 'SellCommitted', order });
}

/** Cancels the most recent pending sell. */
export function decideCancelSell(portfolio: Portfolio): Decision {
  const order = portfolio.sells.at(-1);
  return order === undefined
    ? rejected('no-pending-sell')
    : accepted({ type: 'SellCancelled', order });
}
