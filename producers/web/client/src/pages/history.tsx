/** The history page: the movements of money and shares, and the commands with their outcomes. */
import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import type { History } from '../../../../../shared/web-api/history.ts';
import { API, renderQuery } from '../api/http.ts';
import { Card } from '../parts/card.tsx';
import { HistoryFilters, historyQuery, WHOLE_LEDGER } from '../parts/history-filters.tsx';
import { HistoryItems } from '../parts/history-items.tsx';
import { Icon } from '../parts/icon.tsx';
import { Pager } from '../parts/pager.tsx';
import { useApp } from '../state/app-context.ts';
import { useLoaded } from '../state/use-loaded.ts';
import { Page } from './page.tsx';

export function HistoryPage(): JSX.Element {
  return (
    <Page
      title="History"
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
  const filter = useSignal(WHOLE_LEDGER);
  /** The cursors of the pages up to the shown one; the first page has none. */
  const cursors = useSignal<readonly string[]>([]);
  const query = historyQuery(filter.value);
  const page = useLoaded<History>(
    '/history',
    { ...query, cursor: cursors.value.at(-1) },
    // The first page reloads when there are new entries; later pages do not change.
    cursors.value.length === 0
      ? `${store.entriesReceived.value} ${store.serverPortfolio.value?.version ?? ''}`
      : '',
  );
  return (
    <Card flush>
      <HistoryFilters
        filter={filter.value}
        onChange={(change) => {
          filter.value = { ...filter.value, ...change };
          cursors.value = [];
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
        <Pager label="Pages of the list" cursors={cursors} next={page.value?.next} />
      </div>
    </Card>
  );
}
