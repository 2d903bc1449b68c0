/** Gets the price that a command would use now. */
import type { QuoteView } from '../../../../../shared/web-api/quote.ts';
import type { App } from './app-context.ts';
import type { Result } from './result.ts';

/**
 * Returns the current price of a stock, in cents. Sends a QUOTE command of a form, which may cause a hit, only if no
 * fresh quote is known. A command that follows within the lifetime of the quote causes no further hit.
 */
export async function currentPrice(
  { store, actions }: Pick<App, 'store' | 'actions'>,
  symbol: string,
): Promise<Result<number>> {
  const known = (): QuoteView | undefined => store.quotes.peek().get(symbol);
  await actions.loadQuote(symbol);
  const quote = known();
  const lifetimeMs = store.session.peek()?.quoteLifetimeMs ?? 0;
  if (quote !== undefined && store.now.peek() - quote.receivedAt < lifetimeMs) {
    return { ok: true, value: quote.price };
  }
  const asked = await actions.submit({ command: 'QUOTE', symbol });
  if (!asked.ok) return asked;
  await actions.loadQuote(symbol);
  const price = asked.value.price ?? known()?.price;
  return price === undefined
    ? { ok: false, fault: `The price of ${symbol} could not be loaded. Try again.` }
    : { ok: true, value: price };
}
