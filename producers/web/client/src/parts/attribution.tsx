/** What the licence of the chart library asks to be said where charts are shown. */
import type { JSX } from 'preact';

export const Attribution = (): JSX.Element => (
  <p class="attribution">
    Charts by{' '}
    <a href="https://www.tradingview.com/" target="_blank" rel="noopener noreferrer">
      TradingView Lightweight Charts™
    </a>
  </p>
);
