/** The filter of the history in the address of the page. */
import { describe, expect, test } from '@jest/globals';
import {
  filterParams,
  historyQuery,
  readFilter,
} from '../../../producers/web/client/src/pure/history-filter.ts';

const read = (search: string) => readFilter(new URLSearchParams(search));

describe('the filter of the history', () => {
  test('is the same after it was written into the address', () => {
    const filter = {
      of: 'commands',
      symbol: 'ABC',
      type: 'BUY',
      outcome: 'rejected',
      period: '7',
      from: '1700000000000',
      text: '1,000,000,038',
    } as const;
    const params = Object.entries(filterParams(filter)).filter(([, value]) => value !== undefined);
    expect(read(new URLSearchParams(params as [string, string][]).toString())).toEqual(filter);
    expect(historyQuery(filter)).toEqual({
      of: 'commands',
      symbol: 'ABC',
      type: 'BUY',
      outcome: 'rejected',
      from: '1700000000000',
      q: '1000000038',
    });
  });

  test('leaves the address empty if it filters nothing', () => {
    expect(Object.values(filterParams(read(''))).filter(Boolean)).toEqual([]);
    expect(historyQuery(read(''))).toEqual({ of: 'ledger' });
  });

  test('asks the server for nothing that it would refuse, whatever is in the address', () => {
    const search = `list=x&symbol=abcd&type=1&outcome=maybe&from=-1&period=7&text=${'x'.repeat(41)}`;
    expect(historyQuery(read(search))).toEqual({ of: 'ledger' });
    expect(read(search)).toMatchObject({ period: '', text: 'x'.repeat(41) });
  });
});
