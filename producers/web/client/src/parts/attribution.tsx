/** The attribution that the licence of the chart library requires beside charts. */
import type { JSX } from 'preact';

export const Attribution = (): JSX.Element => (
  <p class="attribution">
    Charts by{' '}
    <a href="https://www.tradingview.com/" target="_blank" rel="noopener noreferrer">
      TradingView Lightweight Charts™
    </a>
  </p>
);
