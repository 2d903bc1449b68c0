/** Caches the sums of users' ledgers, now and at earlier times, and reads only the entries since then. */
import { LRUCache } from 'lru-cache';
import type { Pool } from '../../../../shared/pg/pool.ts';
import { loadLedgerAfter } from '../../../../shared/pg/web-ledger.ts';
import { addEntries, EMPTY_BOOK, type LedgerBook } from '../views/ledger-book.ts';
import { LEDGER_BOOKS_MAX, LEDGER_MARKS_MAX, LEDGER_ROWS_AT_ONCE } from './limits.ts';

/**
 * The sums of one ledger after its last known entry, and after about every `apart` entries before, so that those of
 * any instant follow from few entries.
 */
type Sums = {
  readonly latest: LedgerBook;
  readonly marks: readonly LedgerBook[];
  readonly apart: number;
};

const NO_SUMS: Sums = { latest: EMPTY_BOOK, marks: [], apart: LEDGER_ROWS_AT_ONCE };

export type LedgerBooks = {
  /** Returns the book with a user's entries up to an id. */
  readonly upTo: (user: string, last: bigint) => Promise<LedgerBook>;
  /** Returns the book with the entries up to an instant, of those up to an id. */
  readonly at: (user: string, at: number, last: bigint) => Promise<LedgerBook>;
};

/**
 * Opens the cache. Reading on from the last id misses nothing: entries of a user are committed in the order
 * of their ids, because each transaction locks the user's row. Their times are in the same order.
 */
export function openLedgerBooks(pool: Pool): LedgerBooks {
  const cache = new LRUCache<string, Sums>({ max: LEDGER_BOOKS_MAX });

  const sumUp = async (user: string, upTo: bigint): Promise<Sums> => {
    let sums = cache.get(user) ?? NO_SUMS;
    while (sums.latest.last < upTo) {
      const range = { after: sums.latest.last, upTo, most: LEDGER_ROWS_AT_ONCE };
      const rows = await loadLedgerAfter(pool, user, range);
      if (rows.length === 0) break;
      sums = withBook(sums, addEntries(sums.latest, rows));
    }
    cache.set(user, sums);
    return sums;
  };

  return {
    upTo: async (user, last) => (await sumUp(user, last)).latest,
    at: async (user, at, last) => {
      const { latest, marks } = await sumUp(user, last);
      if (latest.lastAt <= at) return latest;
      let book = marks.findLast(({ lastAt }) => lastAt <= at) ?? EMPTY_BOOK;
      for (;;) {
        const range = { after: book.last, upTo: last, most: LEDGER_ROWS_AT_ONCE };
        const rows = await loadLedgerAfter(pool, user, range);
        const later = rows.findIndex((row) => Number(row.at) > at);
        book = addEntries(book, later === -1 ? rows : rows.slice(0, later));
        if (later !== -1 || rows.length < LEDGER_ROWS_AT_ONCE) return book;
      }
    },
  };
}

/** Replaces the latest book. Once there are too many marks, keeps every second one. */
export function withBook({ marks, apart }: Sums, latest: LedgerBook): Sums {
  if (latest.entries - (marks.at(-1)?.entries ?? 0) < apart) return { latest, marks, apart };
  const more = [...marks, latest];
  if (more.length <= LEDGER_MARKS_MAX) return { latest, marks: more, apart };
  return { latest, marks: more.filter((_, index) => index % 2 === 1), apart: apart * 2 };
}
