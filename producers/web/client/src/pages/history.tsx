/** The history page: the movements of money and shares, and the commands with their outcomes. */
import type { JSX } from 'preact';
import type { History } from '../../../../../shared/web-api/history.ts';
import { API, renderQuery } from '../api/http.ts';
import { Card } from '../parts/card.tsx';
import { HistoryFilters } from '../parts/history-filters.tsx';
import { HistoryItems } from '../parts/history-items.tsx';
import { Icon } from '../parts/icon.tsx';
import { Pager } from '../parts/pager.tsx';
import { filterParams, historyQuery, readFilter } from '../pure/history-filter.ts';
import { useApp } from '../state/app-context.ts';
import { useAddress } from '../state/use-address.ts';
import { useLoaded } from '../state/use-loaded.ts';
import { Page } from './page.tsx';

export function HistoryPage(): JSX.Element {
  const { of } = readFilter(useAddress().params);
  return (
    <Page
      title="History"
      part={of === 'commands' ? 'Orders and commands' : 'Ledger'}
      action={
        <a class="button compact" href={`${API}/log.xml`} download="log.xml">
          <Icon name="download" />
          Download my log (XML)
        </a>
      }
    >
      <Listing />
    </Page>
  );
}

function Listing(): JSX.Element {
  const { store } = useApp();
  const { params, change, cursors, turn } = useAddress();
  const filter = readFilter(params);
  const query = historyQuery(filter);
  const page = useLoaded<History>(
    '/history',
    { ...query, cursor: cursors.at(-1) },
    // The first page reloads when there are new entries; later pages do not change.
    cursors.length === 0
      ? `${store.entriesReceived.value} ${store.serverPortfolio.value?.version ?? ''}`
      : '',
  );
  return (
    <Card flush>
      <HistoryFilters
        filter={filter}
        onChange={(changed) => {
          const params = filterParams({ ...filter, ...changed });
          change({ ...params, pages: undefined }, changed.of !== undefined);
        }}
      />
      <HistoryItems page={page} />
      <div class="row apart pager">
        <a
          class="button compact"
          href={`${API}/history.csv${renderQuery(query)}`}
          download="history.csv"
        >
          <Icon name="download" />
          Export as CSV
        </a>
        <Pager label="Pages of the list" cursors={cursors} onTurn={turn} next={page.value?.next} />
      </div>
    </Card>
  );
}
