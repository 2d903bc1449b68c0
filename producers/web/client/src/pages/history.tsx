/** The history page: the movements of money and shares, and the commands with their outcomes. */
import { useSignal } from '@preact/signals';
import type { ComponentChildren, JSX } from 'preact';
import type {
  CommandItem,
  History,
  HistoryItem,
  HistoryOf,
  LedgerItem,
} from '../../../../../shared/web-api/history.ts';
import { API, filled, renderQuery, type Query } from '../api/http.ts';
import { Card, Empty } from '../parts/card.tsx';
import { Choice } from '../parts/choice.tsx';
import { Field } from '../parts/field.tsx';
import { Icon } from '../parts/icon.tsx';
import { Pager } from '../parts/pager.tsx';
import { Select } from '../parts/select.tsx';
import { When } from '../parts/when.tsx';
import {
  COMMAND_CHOICES,
  ENTRY_CHOICES,
  labelOfCommand,
  labelOfEntry,
} from '../pure/describe-entry.ts';
import { explainReason } from '../pure/explain-rejection.ts';
import { formatChange, formatCount, formatCountChange, formatMoney } from '../pure/money.ts';
import { parseSymbol } from '../pure/route.ts';
import { useApp } from '../state/app-context.ts';
import { useLoaded } from '../state/use-loaded.ts';
import { Page } from './page.tsx';

const LISTS = [
  { value: 'ledger', text: 'Ledger' },
  { value: 'commands', text: 'Orders and commands' },
] as const;

const OUTCOMES = [
  { value: '', text: 'Any outcome' },
  { value: 'accepted', text: 'Accepted' },
  { value: 'rejected', text: 'Rejected' },
] as const;

const PERIODS = [
  { value: '', text: 'Any time' },
  { value: '1', text: 'Last 24 hours' },
  { value: '7', text: 'Last 7 days' },
  { value: '30', text: 'Last 30 days' },
] as const;

const DAY_MS = 86_400_000;

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
  const of = useSignal<HistoryOf>('ledger');
  const symbol = useSignal('');
  const type = useSignal('');
  const outcome = useSignal('');
  const period = useSignal('');
  const text = useSignal('');
  /** The cursors of the pages up to the shown one; the first page has none. */
  const cursors = useSignal<readonly string[]>([]);
  // Fixed when chosen, because a moving start time would change the list between pages.
  const from = useSignal<number | undefined>(undefined);

  const filter: Query = {
    of: of.value,
    symbol: parseSymbol(symbol.value),
    type: filled(type.value),
    outcome: of.value === 'commands' ? filled(outcome.value) : undefined,
    q: filled(text.value),
    from: from.value,
  };
  const page = useLoaded<History>(
    '/history',
    { ...filter, cursor: cursors.value.at(-1) },
    // The first page reloads when there are new entries; later pages do not change.
    cursors.value.length === 0
      ? `${store.entriesReceived.value} ${store.serverPortfolio.value?.version ?? ''}`
      : '',
  );
  const choose = (change: () => void): void => {
    change();
    cursors.value = [];
  };
  return (
    <Card flush>
      <div class="filters">
        <Choice
          label="Which list"
          options={LISTS}
          value={of.value}
          onChoose={(chosen) =>
            choose(() => {
              of.value = chosen;
              type.value = '';
            })
          }
        />
        <div class="filter-fields">
          <Field
            label="Search"
            isWide
            value={text.value}
            maxLength={40}
            placeholder="Number, symbol, reason"
            onValue={(value) => choose(() => (text.value = value))}
          />
          <Field
            label="Symbol"
            value={symbol.value}
            maxLength={3}
            placeholder="Any"
            onValue={(value) => choose(() => (symbol.value = value.toUpperCase()))}
          />
          <Select
            label="Kind"
            value={type.value}
            options={of.value === 'ledger' ? ENTRY_CHOICES : COMMAND_CHOICES}
            onChoose={(value) => choose(() => (type.value = value))}
          />
          {of.value === 'commands' && (
            <Select
              label="Outcome"
              value={outcome.value}
              options={OUTCOMES}
              onChoose={(value) => choose(() => (outcome.value = value))}
            />
          )}
          <Select
            label="When"
            value={period.value}
            options={PERIODS}
            onChoose={(value) =>
              choose(() => {
                period.value = value;
                from.value =
                  value === '' ? undefined : Math.floor(store.now.peek()) - Number(value) * DAY_MS;
              })
            }
          />
        </div>
      </div>
      <Items items={page.value?.items} fault={page.fault} />
      <div class="row apart pager">
        <a
          class="button compact"
          href={`${API}/history.csv${renderQuery(filter)}`}
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

type ItemsProps = {
  readonly items: readonly HistoryItem[] | undefined;
  readonly fault: string | undefined;
};

function Items({ items, fault }: ItemsProps): JSX.Element {
  if (items === undefined) return <Empty title={fault ?? 'Loading …'} />;
  if (items.length === 0) {
    return <Empty title="Nothing here.">Nothing was done yet, or nothing fits the filter.</Empty>;
  }
  const isLedger = items[0]?.of === 'ledger';
  return (
    <table class="table cards">
      <caption class="unseen">{isLedger ? 'Movements' : 'Commands'}, the latest first</caption>
      <thead>
        <tr>
          <th scope="col">When</th>
          <th scope="col" class="left">
            What
          </th>
          <th scope="col" class="left">
            Stock
          </th>
          {isLedger ? (
            <>
              <th scope="col">Price</th>
              <th scope="col">Shares</th>
              <th scope="col">Cash</th>
              <th scope="col">Reserved</th>
            </>
          ) : (
            <>
              <th scope="col">Amount</th>
              <th scope="col" class="left">
                Outcome
              </th>
            </>
          )}
          <th scope="col">Transaction</th>
        </tr>
      </thead>
      <tbody>
        {items.map((item) =>
          item.of === 'ledger' ? (
            <Movement key={item.id} item={item} />
          ) : (
            <Command key={item.id} item={item} />
          ),
        )}
      </tbody>
    </table>
  );
}

const Stock = ({ symbol }: { readonly symbol: string | null }): JSX.Element =>
  symbol === null ? <></> : <a href={`/trade/${symbol}`}>{symbol}</a>;

type CellProps = {
  readonly label: string;
  readonly empty: boolean;
  readonly isText?: boolean;
  readonly children: ComponentChildren;
};

const Cell = ({ label, empty, isText, children }: CellProps): JSX.Element => (
  <td
    data-label={label}
    data-empty={empty ? '' : undefined}
    class={isText === true ? 'text' : undefined}
  >
    {empty ? '–' : children}
  </td>
);

function Movement({ item }: { readonly item: LedgerItem }): JSX.Element {
  return (
    <tr>
      <td class="left">
        <When at={item.at} />
      </td>
      <th scope="row" class="left">
        {labelOfEntry(item.type)}
      </th>
      <Cell label="Stock" isText empty={item.symbol === null}>
        <Stock symbol={item.symbol} />
      </Cell>
      <Cell label="Price" empty={item.price === null}>
        {formatMoney(item.price ?? 0)}
      </Cell>
      <Cell label="Shares" empty={item.shares === 0}>
        {formatCountChange(item.shares)}
      </Cell>
      <Cell label="Cash" empty={item.balance === 0}>
        {formatChange(item.balance)}
      </Cell>
      <Cell label="Reserved" empty={item.reserve === 0 && item.reservedShares === 0}>
        {item.reserve !== 0
          ? formatChange(item.reserve)
          : `${formatCountChange(item.reservedShares)} shares`}
      </Cell>
      <td data-label="Transaction" class="quiet">
        {formatCount(item.number)}
      </td>
    </tr>
  );
}

function Command({ item }: { readonly item: CommandItem }): JSX.Element {
  const isAccepted = item.outcome === 'accepted';
  return (
    <tr>
      <td class="left">
        <When at={item.at} />
      </td>
      <th scope="row" class="left">
        {labelOfCommand(item.type)}
      </th>
      <Cell label="Stock" isText empty={item.symbol === null}>
        <Stock symbol={item.symbol} />
      </Cell>
      <Cell label="Amount" empty={item.amount === null}>
        {formatMoney(item.amount ?? 0)}
      </Cell>
      <td data-label="Outcome" class="text">
        <span>
          <span class={`badge ${isAccepted ? 'good' : 'bad'}`}>
            {isAccepted ? 'Accepted' : 'Rejected'}
          </span>
          {item.reason !== null && (
            <span class="reason small quiet">
              {explainReason(item.reason, {
                command: item.type,
                ...(item.symbol !== null && { symbol: item.symbol }),
              })}
            </span>
          )}
        </span>
      </td>
      <td data-label="Transaction" class="quiet">
        {formatCount(item.number)}
      </td>
    </tr>
  );
}
