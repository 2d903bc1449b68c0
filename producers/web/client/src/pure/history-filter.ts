/** The filter of the history: as parameters of the page's address, and as the query of the list. */
import type { HistoryOf } from '../../../../../shared/web-api/history.ts';
import { readSymbol } from './route.ts';
import { checkSearch, searchText } from './search-text.ts';

/** Empty texts do not filter. */
export type HistoryFilter = {
  readonly of: HistoryOf;
  readonly symbol: string;
  readonly type: string;
  readonly outcome: string;
  /** Days until now. */
  readonly period: string;
  /** The start of the period. It is fixed when chosen, because a moving one would change the list between pages. */
  readonly from: string;
  readonly text: string;
};

/** Reads the filter from the parameters of an address, which anybody may have typed. */
export function readFilter(params: URLSearchParams): HistoryFilter {
  const read = (name: string): string => params.get(name) ?? '';
  const from = /^\d{1,14}$/.test(read('from')) ? read('from') : '';
  return {
    of: read('list') === 'commands' ? 'commands' : 'ledger',
    symbol: read('symbol'),
    type: read('type'),
    outcome: read('outcome'),
    period: from === '' ? '' : read('period'),
    from,
    text: read('text'),
  };
}

type Params = Readonly<Record<string, string | undefined>>;

/** Returns the parameters of a filter; a part that does not filter is undefined. */
export function filterParams({ of, ...texts }: HistoryFilter): Params {
  const filled = Object.entries(texts).map(([name, text]) => [name, text || undefined] as const);
  return { list: of === 'ledger' ? undefined : of, ...Object.fromEntries(filled) };
}

/** Returns the query of the list; leaves out what is not valid. */
export function historyQuery(filter: HistoryFilter): Params {
  const { of, symbol, type, outcome, from, text } = filter;
  return {
    of,
    symbol: readSymbol(symbol),
    type: /^[A-Za-z_]{1,40}$/.test(type) ? type : undefined,
    outcome: of === 'commands' && /^(accepted|rejected)$/.test(outcome) ? outcome : undefined,
    q: checkSearch(text) === undefined ? searchText(text) || undefined : undefined,
    from: from || undefined,
  };
}
