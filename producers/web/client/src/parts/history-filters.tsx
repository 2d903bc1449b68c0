/** The filters of the history: which list, and what of it. */
import type { JSX } from 'preact';
import { COMMAND_CHOICES, ENTRY_CHOICES } from '../pure/describe-entry.ts';
import type { HistoryFilter } from '../pure/history-filter.ts';
import { checkSymbol } from '../pure/route.ts';
import { checkSearch } from '../pure/search-text.ts';
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
    onChange({ period, from: period === '' ? '' : from.toString() });
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
