/** Places an order for dollars, or for a count of shares. */
import type { Accepted } from '../../../../../shared/web-api/command.ts';
import { formatShares, plainDollars } from '../pure/money.ts';
import { centsOf, tooMuch, type Quantity } from '../pure/quantity.ts';
import type { App } from './app-context.ts';
import { currentPrice } from './current-price.ts';
import { keepAsked } from './kept-orders.ts';
import type { Result } from './result.ts';

type Wanted = {
  readonly side: 'buy' | 'sell';
  readonly symbol: string;
  readonly quantity: Quantity;
};

const COMMANDS = { buy: 'BUY', sell: 'SELL' } as const;

/** A count of shares becomes the dollars that give exactly this count at the price that the command will use. */
export async function placeOrder(
  app: Pick<App, 'store' | 'actions'>,
  { side, symbol, quantity }: Wanted,
): Promise<Result<Accepted>> {
  const { submit, notify } = app.actions;
  const price = quantity.unit === 'shares' ? await currentPrice(app, symbol) : undefined;
  if (price?.ok === false) return price;
  const cents = centsOf(quantity, price?.value) ?? 0;
  const fault = tooMuch(cents);
  if (fault !== undefined) return { ok: false, fault };
  const placed = await submit({ command: COMMANDS[side], symbol, amount: plainDollars(cents) });
  const order = placed.ok ? placed.value.order : undefined;
  if (order === undefined || quantity.unit === 'dollars') return placed;
  const user = app.store.session.peek()?.user ?? '';
  keepAsked({ user, placedAt: order.placedAt, quantity });
  if (order.shares !== quantity.shares) {
    // The answer took longer than the price was held.
    const detail = `This order is for ${formatShares(order.shares)}, not ${formatShares(quantity.shares)}. Check it before you commit.`;
    notify({ kind: 'info', title: 'The price has just changed', detail });
  }
  return placed;
}
