/** Says which past time the portfolio page shows, and leads to the days beside it and back to the present. */
import type { JSX } from 'preact';
import { daysBeside, portfolioPath } from '../pure/past-moment.ts';
import { useApp } from '../state/app-context.ts';
import { When } from './when.tsx';

export function PastBanner({ at }: { readonly at: number }): JSX.Element {
  const { before, after } = daysBeside(at);
  const isLast = after >= useApp().store.now.value;
  return (
    <div class="row apart">
      <p role="status">
        <strong>
          As of <When at={at} />.
        </strong>{' '}
        <span class="quiet">
          From your ledger, so without the orders and triggers that were pending.
        </span>
      </p>
      <nav class="row" aria-label="Days">
        <a class="button compact" href={portfolioPath(before)}>
          Day before
        </a>
        {!isLast && (
          <a class="button compact" href={portfolioPath(after)}>
            Day after
          </a>
        )}
        <a class="button compact" href={portfolioPath(undefined)}>
          Back to now
        </a>
      </nav>
    </div>
  );
}
