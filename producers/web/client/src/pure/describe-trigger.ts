/** Describes in a sentence what a trigger will do, or did. */
import type { EndedTrigger, Trigger } from '../../../../../shared/web-api/portfolio.ts';
import { estimate } from './estimate.ts';
import { formatMoney, formatShares } from './money.ts';

/** A trigger that is to be armed: amount and price in cents. */
export type Plan = {
  readonly side: 'buy' | 'sell';
  readonly symbol: string;
  readonly amount: number;
  readonly price: number;
};

/** Returns the reason why a plan cannot be armed whatever is available; undefined if there is none. */
export function checkPlan({ amount, price }: Plan): string | undefined {
  return amount < price
    ? `${formatMoney(amount)} is less than one share at ${formatMoney(price)}.`
    : undefined;
}

/** Describes a plan that can be armed. */
export function describePlan({ side, symbol, amount, price }: Plan): string {
  const { shares } = estimate(amount, price);
  return side === 'buy'
    ? `When ${symbol} costs ${formatMoney(price)} or less, buy ${formatShares(shares)} or more: as many as ${formatMoney(amount)} pays for then. What is left returns to your cash.`
    : `When ${symbol} costs ${formatMoney(price)} or more, sell ${formatShares(shares)} at the price it has then.`;
}

export function describeTrigger(trigger: Trigger): string {
  const { side, symbol, amount, price } = trigger;
  if (price === null) {
    return side === 'buy'
      ? `${formatMoney(amount)} is set aside to buy ${symbol}. Set a price to arm it.`
      : `${formatMoney(amount)} worth of ${symbol} is to be sold. Set a price to arm it.`;
  }
  return side === 'sell' && trigger.shares !== null
    ? `Sells ${formatShares(trigger.shares)} when ${symbol} costs ${formatMoney(price)} or more.`
    : describePlanShort({ side, symbol, amount, price });
}

const describePlanShort = ({ symbol, amount, price }: Plan): string =>
  `Buys as many shares as ${formatMoney(amount)} pays for when ${symbol} costs ${formatMoney(price)} or less.`;

export function describeEnded(ended: EndedTrigger): string {
  const { side, symbol, state, shares, price } = ended;
  if (state === 'cancelled') return `The ${symbol} ${side} trigger was cancelled.`;
  const done = side === 'buy' ? 'Bought' : 'Sold';
  const at = price === null ? '' : ` at ${formatMoney(price)}`;
  return `${done} ${formatShares(shares)} of ${symbol}${at}.`;
}
