/**
 * Applies events to a portfolio. Pure, and total over the events that `decide` returns for it: an order that
 * is committed or cancelled is pending, a trigger that is armed, disarmed, fired or cancelled exists, and
 * one whose amount is set does not.
 */
import type { DomainEvent } from './event.ts';
import type { StockSymbol } from './identity.ts';
import { InvariantError } from './invariant-error.ts';
import { add, negate, type Cents } from './money.ts';
import { orderCost, type Order } from './order.ts';
import { holding, type Portfolio } from './portfolio.ts';
import { addShares, costOf, negateShares, subtractShares, type Shares } from './shares.ts';
import type { BuyTrigger, SellTrigger } from './trigger.ts';

/**
 * Returns the portfolio after an event; the given one is not changed. Throws an `InvariantError` if the
 * event does not fit the portfolio, which is a defect.
 */
export function evolve(portfolio: Portfolio, event: DomainEvent): Portfolio {
  switch (event.type) {
    case 'FundsAdded':
      return { ...withBalance(portfolio, event.amount), opened: true };
    case 'BuyPlaced':
      return placed(portfolio, { buys: [...portfolio.buys, event.order] });
    case 'SellPlaced':
      return placed(portfolio, { sells: [...portfolio.sells, event.order] });
    case 'BuyCommitted':
      return buyCommitted(portfolio, event.order);
    case 'SellCommitted':
      return sellCommitted(portfolio, event.order);
    case 'BuyCancelled':
      return { ...portfolio, buys: without(portfolio.buys, event.order) };
    case 'SellCancelled':
      return { ...portfolio, sells: without(portfolio.sells, event.order) };
    case 'BuyAmountSet':
    case 'BuyTriggerArmed':
    case 'BuyTriggerCancelled':
    case 'BuyTriggerDisarmed':
    case 'BuyTriggerFired':
    case 'SellAmountSet':
    case 'SellTriggerArmed':
    case 'SellTriggerCancelled':
    case 'SellTriggerFired':
      return evolveTrigger(portfolio, event);
  }
}

type OrderEventType = 'FundsAdded' | `${'Buy' | 'Sell'}${'Placed' | 'Committed' | 'Cancelled'}`;
type TriggerEvent = Exclude<DomainEvent, { type: OrderEventType }>;

function evolveTrigger(portfolio: Portfolio, event: TriggerEvent): Portfolio {
  const { symbol } = event;
  switch (event.type) {
    case 'BuyAmountSet': {
      assertNone(portfolio.buyTriggers, symbol);
      const trigger = { amount: event.amount, arming: undefined };
      return withBuyTrigger(withBalance(portfolio, negate(event.amount)), symbol, trigger);
    }
    case 'SellAmountSet':
      assertNone(portfolio.sellTriggers, symbol);
      return withSellTrigger(portfolio, symbol, { amount: event.amount, arming: undefined });
    case 'BuyTriggerArmed':
      return changeBuyTrigger(portfolio, symbol, (trigger) => ({
        ...trigger,
        arming: event.arming,
      }));
    case 'SellTriggerArmed': {
      const moved = subtractShares(event.released, event.shares);
      const arming = { ...event.arming, shares: event.shares };
      const { amount } = triggerAt(portfolio.sellTriggers, symbol);
      return withSellTrigger(withHolding(portfolio, symbol, moved), symbol, { amount, arming });
    }
    case 'BuyTriggerCancelled':
      return withoutBuyTrigger(withBalance(portfolio, event.returned), symbol);
    case 'SellTriggerCancelled':
      return withoutSellTrigger(withHolding(portfolio, symbol, event.released), symbol);
    case 'BuyTriggerDisarmed':
      return changeBuyTrigger(portfolio, symbol, (trigger) => ({ ...trigger, arming: undefined }));
    case 'BuyTriggerFired': {
      const bought = withHolding(portfolio, symbol, event.shares);
      return withoutBuyTrigger(withBalance(bought, event.returned), symbol);
    }
    case 'SellTriggerFired': {
      const sold = withBalance(portfolio, costOf(event.shares, event.price));
      return withoutSellTrigger(sold, symbol);
    }
  }
}

function without(orders: readonly Order[], gone: Order): readonly Order[] {
  const rest = orders.filter(({ no }) => no !== gone.no);
  if (rest.length === orders.length) throw new InvariantError(`order ${gone.no} is not pending`);
  return rest;
}

function assertNone(triggers: ReadonlyMap<StockSymbol, unknown>, symbol: StockSymbol): void {
  if (triggers.has(symbol)) throw new InvariantError(`there is a trigger on ${symbol} already`);
}

function triggerAt<Trigger>(
  triggers: ReadonlyMap<StockSymbol, Trigger>,
  symbol: StockSymbol,
): Trigger {
  const trigger = triggers.get(symbol);
  if (trigger === undefined) throw new InvariantError(`there is no trigger on ${symbol}`);
  return trigger;
}

const placed = (portfolio: Portfolio, change: Partial<Portfolio>): Portfolio => ({
  ...portfolio,
  ...change,
  ordersPlaced: portfolio.ordersPlaced + 1,
});

function buyCommitted(portfolio: Portfolio, order: Order): Portfolio {
  const paid = withBalance(portfolio, negate(orderCost(order)));
  const owned = withHolding(paid, order.symbol, order.shares);
  return { ...owned, buys: without(portfolio.buys, order) };
}

function sellCommitted(portfolio: Portfolio, order: Order): Portfolio {
  const paid = withBalance(portfolio, orderCost(order));
  const sold = withHolding(paid, order.symbol, negateShares(order.shares));
  return { ...sold, sells: without(portfolio.sells, order) };
}

const withBalance = (portfolio: Portfolio, change: Cents): Portfolio => ({
  ...portfolio,
  balance: add(portfolio.balance, change),
});

function withHolding(portfolio: Portfolio, symbol: StockSymbol, change: Shares): Portfolio {
  const count = addShares(holding(portfolio, symbol), change);
  return { ...portfolio, holdings: withEntry(portfolio.holdings, symbol, count || undefined) };
}

const withBuyTrigger = (
  portfolio: Portfolio,
  symbol: StockSymbol,
  trigger: BuyTrigger,
): Portfolio => ({
  ...portfolio,
  buyTriggers: withEntry(portfolio.buyTriggers, symbol, trigger),
});

function withoutBuyTrigger(portfolio: Portfolio, symbol: StockSymbol): Portfolio {
  triggerAt(portfolio.buyTriggers, symbol);
  return { ...portfolio, buyTriggers: withEntry(portfolio.buyTriggers, symbol, undefined) };
}

const withSellTrigger = (
  portfolio: Portfolio,
  symbol: StockSymbol,
  trigger: SellTrigger,
): Portfolio => ({
  ...portfolio,
  sellTriggers: withEntry(portfolio.sellTriggers, symbol, trigger),
});

function withoutSellTrigger(portfolio: Portfolio, symbol: StockSymbol): Portfolio {
  triggerAt(portfolio.sellTriggers, symbol);
  return { ...portfolio, sellTriggers: withEntry(portfolio.sellTriggers, symbol, undefined) };
}

function changeBuyTrigger(
  portfolio: Portfolio,
  symbol: StockSymbol,
  change: (trigger: BuyTrigger) => BuyTrigger,
): Portfolio {
  return withBuyTrigger(portfolio, symbol, change(triggerAt(portfolio.buyTriggers, symbol)));
}

/** Returns a copy of a map with one entry set, or deleted if `value` is undefined. */
function withEntry<Key, Value>(
  map: ReadonlyMap<Key, Value>,
  key: Key,
  value: Value | undefined,
): ReadonlyMap<Key, Value> {
  const copy = new Map(map);
  if (value === undefined) copy.delete(key);
  else copy.set(key, value);
  return copy;
}
