/** Tells whether a trigger would trade as soon as it is armed, and warns of it. */
import type { Plan } from './describe-trigger.ts';
import { estimate } from './estimate.ts';
import { formatMoney, formatShares } from './money.ts';

/** Returns whether the current price, in cents, meets the price of a plan. Source: SPEC 3.2. */
export const isMetBy = ({ side, price }: Plan, current: number): boolean =>
  side === 'buy' ? current <= price : current >= price;

/** Describes what a plan does at once at the current price, in cents, which meets it. */
export function warnOfMet({ side, symbol, amount, price }: Plan, current: number): string {
  const beyond = side === 'buy' ? 'below' : 'above';
  // A buy spends the amount at the current price; a sell reserves its shares by the trigger's own price.
  const { shares } = estimate(amount, side === 'buy' ? current : price);
  const trade = `${side}s ${formatShares(shares)} now, at about ${formatMoney(current)} each`;
  return `${symbol} is already ${current === price ? 'at' : beyond} ${formatMoney(price)}: this ${trade}.`;
}
