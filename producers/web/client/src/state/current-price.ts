/** Gets the price that a command would use now. */
import type { QuoteView } from '../../../../../shared/web-api/quote.ts';
import type { App } from './app-context.ts';
import type { Result } from './result.ts';

/** A command that follows within this time uses the price, too. Half the lifetime of a quote, if that is less. */
const HELD_MS = 2_000;
/** The estimate of the server's time may be wrong by less than this. */
const CLOCK_ERROR_MS = 250;

/**
 * Returns the current price of a stock, in cents. Sends a QUOTE command of a form, which may cause a hit, only if
 * no fresh quote is known. Waits for the end of a quote that would not be held long enough, because a command
 * cannot replace it earlier.
 */
export async function currentPrice(
  { store, actions }: Pick<App, 'store' | 'actions'>,
  symbol: string,
): Promise<Result<number>> {
  const known = (): QuoteView | undefined => store.quotes.peek().get(symbol);
  await actions.loadQuotes([symbol]);
  const quote = known();
  const lifetimeMs = store.session.peek()?.quoteLifetimeMs ?? 0;
  const leftMs = quote === undefined ? 0 : quote.receivedAt + lifetimeMs - store.now.peek();
  if (quote !== undefined && leftMs > Math.min(HELD_MS, lifetimeMs / 2)) {
    return { ok: true, value: quote.price };
  }
  if (leftMs > 0) await new Promise((resolve) => setTimeout(resolve, leftMs + CLOCK_ERROR_MS));
  const asked = await actions.submit({ command: 'QUOTE', symbol });
  if (!asked.ok) return asked;
  await actions.loadQuotes([symbol]);
  const price = asked.value.price ?? known()?.price;
  return price === undefined
    ? { ok: false, fault: `The price of ${symbol} could not be loaded. Try again.` }
    : { ok: true, value: price };
}
