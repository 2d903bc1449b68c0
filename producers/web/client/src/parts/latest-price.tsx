/** The latest known price with its age. It stands outside announced text, because it changes every second. */
import type { JSX } from 'preact';
import type { QuoteView } from '../../../../../shared/web-api/quote.ts';
import { formatMoney } from '../pure/money.ts';
import { PriceAge } from './price-age.tsx';

export const LatestPrice = ({ quote }: { readonly quote: QuoteView }): JSX.Element => (
  <p class="hint">
    Latest price of {quote.symbol}: {formatMoney(quote.price)}, <PriceAge at={quote.receivedAt} />.
  </p>
);
