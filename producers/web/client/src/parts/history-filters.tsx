/** The filters of the history: which list, and what of it. */
import type { JSX } from 'preact';
import type { HistoryOf } from '../../../../../shared/web-api/history.ts';
import { filled, type Query } from '../api/http.ts';
import { COMMAND_CHOICES, ENTRY_CHOICES } from '../pure/describe-entry.ts';
import { checkSymbol, readSymbol } from '../pure/route.ts';
import { checkSearch, searchText } from '../pure/search-text.ts';
import { useApp } from '../state/app-context.ts';
import { Choice } from './choice.tsx';
import { Field } from './field.tsx';
import { Select } from './select.tsx';

const LISTS = [
  { value: 'ledger', text: 'Ledger' },
  { value: 'commands', text: 'Orders and commands' },
] as const;

const OUTCOMES = [
  { value: '', text: 'Any status' },
  { value: 'accepted', text: 'Not refused' },
  { value: 'rejected', text: 'Refused' },
] as const;

const PERIODS = [
  { value: '', text: 'Any time' },
  { value: '1', text: 'Last 24 hours' },
  { value: '7', text: 'Last 7 days' },
  { value: '30', text: 'Last 30 days' },
] as const;

const DAY_MS = 86_400_000;

/** Empty texts do not filter. */
type HistoryFilter = {
  readonly of: HistoryOf;
  readonly symbol: string;
  readonly type: string;
  readonly outcome: string;
  /** Days until now. */
  readonly period: string;
  /** The start of the period. It is fixed when chosen, because a moving one would change the list between pages. */
  readonly from: number | undefined;
  readonly text: string;
};

export const WHOLE_LEDGER: HistoryFilter = {
  of: 'ledger',
  symbol: '',
  type: '',
  outcome: '',
  period: '',
  from: undefined,
  text: '',
};

export const historyQuery = (filter: HistoryFilter): Query => ({
  of: filter.of,
  symbol: readSymbol(filter.symbol),
  type: filled(filter.type),
  outcome: filter.of === 'commands' ? filled(filter.outcome) : undefined,
  q: filled(searchText(filter.text)),
  from: filter.from,
});

type HistoryFiltersProps = {
  readonly filter: HistoryFilter;
  readonly onChange: (change: Partial<HistoryFilter>) => void;
};

export function HistoryFilters({ filter, onChange }: HistoryFiltersProps): JSX.Element {
  return (
    <div class="filters">
      <Choice
        label="Which list"
        options={LISTS}
        value={filter.of}
        onChoose={(of) => onChange({ of, type: '' })}
      />
      <div class="filter-fields">
        <Field
          label="Search"
          isWide
          value={filter.text}
          fault={checkSearch(filter.text)}
          placeholder="Number, symbol, reason"
          onValue={(text) => onChange({ text })}
        />
        <Field
          label="Symbol"
          value={filter.symbol}
          fault={checkSymbol(filter.symbol)}
          placeholder="Any"
          onValue={(symbol) => onChange({ symbol: symbol.toUpperCase() })}
        />
        <Selections filter={filter} onChange={onChange} />
      </div>
    </div>
  );
}

function Selections({ filter, onChange }: HistoryFiltersProps): JSX.Element {
  const { store } = useApp();
  const choosePeriod = (period: string): void => {
    const from = Math.floor(store.now.peek()) - Number(period) * DAY_MS;
    onChange({ period, from: period === '' ? undefined : from });
  };
  return (
    <>
      <Select
        label="Kind"
        value={filter.type}
        options={filter.of === 'ledger' ? ENTRY_CHOICES : COMMAND_CHOICES}
        onChoose={(type) => onChange({ type })}
      />
      {filter.of === 'commands' && (
        <Select
          label="Status"
          value={filter.outcome}
          options={OUTCOMES}
          onChoose={(outcome) => onChange({ outcome })}
        />
      )}
      <Select label="When" value={filter.period} options={PERIODS} onChoose={choosePeriod} />
    </>
  );
}
