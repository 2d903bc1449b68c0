/** The portfolio page: cash and positions, their value, and their profit or loss, now or at a past time. */
import type { JSX } from 'preact';
import { AddFunds } from '../parts/add-funds.tsx';
import { Cash } from '../parts/cash.tsx';
import { Loading } from '../parts/loading.tsx';
import { PastBanner } from '../parts/past-banner.tsx';
import { PendingOrders } from '../parts/pending-orders.tsx';
import { PositionsTable } from '../parts/positions-table.tsx';
import { ProfitTerms } from '../parts/profit-terms.tsx';
import { Worth } from '../parts/worth.tsx';
import { dayLabel } from '../pure/past-moment.ts';
import { readMoment } from '../pure/route.ts';
import { formatDay } from '../pure/time.ts';
import { useApp } from '../state/app-context.ts';
import { useAddress } from '../state/use-address.ts';
import { usePortfolioAt } from '../state/use-portfolio-at.ts';
import { Page } from './page.tsx';

export function PortfolioPage(): JSX.Element {
  const { store } = useApp();
  const moment = readMoment(useAddress().params, store.now.peek());
  const { portfolio, loaded } = usePortfolioAt(moment);
  return (
    <Page title="Portfolio" part={moment === undefined ? undefined : formatDay(moment)}>
      <div class="stack" aria-busy={moment !== undefined && loaded.isLoading}>
        {moment !== undefined && <PastBanner at={moment} />}
        {portfolio === undefined ? (
          <Loading of={loaded} />
        ) : (
          <>
            <div class="columns with-side side-last">
              <Worth portfolio={portfolio} moment={moment} />
              <div class="stack">
                {moment === undefined && <PendingOrders />}
                <Cash portfolio={portfolio} isPast={moment !== undefined} />
                {moment === undefined && <AddFunds />}
              </div>
            </div>
            <PositionsTable portfolio={portfolio} isPast={moment !== undefined} />
            <ProfitTerms
              dayStartedAt={portfolio.dayStartedAt}
              day={dayLabel(moment !== undefined)}
            />
          </>
        )}
      </div>
    </Page>
  );
}
