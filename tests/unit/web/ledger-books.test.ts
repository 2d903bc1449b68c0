/** The sums that are kept of a ledger are few and evenly apart, however long it is. */
import { expect, test } from '@jest/globals';
import { withBook } from '../../../producers/web/server/parts/ledger-books.ts';
import {
  LEDGER_MARKS_MAX,
  LEDGER_ROWS_AT_ONCE,
} from '../../../producers/web/server/parts/limits.ts';
import { EMPTY_BOOK } from '../../../producers/web/server/views/ledger-book.ts';

test('a million entries leave at most the marks allowed, each about equally far from the next', () => {
  let sums: Parameters<typeof withBook>[0] = {
    latest: EMPTY_BOOK,
    marks: [],
    apart: LEDGER_ROWS_AT_ONCE,
  };
  for (let entries = 1_000; entries <= 1_000_000; entries += 1_000) {
    sums = withBook(sums, { ...EMPTY_BOOK, entries });
  }
  const { latest, marks, apart } = sums;
  expect(latest.entries).toBe(1_000_000);
  expect(marks.length).toBeLessThanOrEqual(LEDGER_MARKS_MAX);
  const places = [0, ...marks.map((mark) => mark.entries), latest.entries];
  const gaps = places.slice(1).map((place, index) => place - (places[index] ?? 0));
  expect(Math.max(...gaps)).toBe(apart);
  expect(apart).toBeLessThan(40_000);
});
