/** Reads portfolios. Caches the sums of each ledger, and reads only the entries since then. */
import { LRUCache } from 'lru-cache';
import type { Pool } from '../../../../shared/pg/pool.ts';
import { loadLedgerAfter } from '../../../../shared/pg/web-ledger.ts';
import { loadPortfolioRecord } from '../../../../shared/pg/web-portfolio.ts';
import { loadPricesAt } from '../../../../shared/pg/web-quotes.ts';
import type { PortfolioView } from '../../../../shared/web-api/portfolio.ts';
import {
  addEntries,
  dayOf,
  EMPTY_BOOK,
  onDay,
  startOfDay,
  type LedgerBook,
} from '../views/ledger-book.ts';
import { LEDGER_BOOKS_MAX, LEDGER_ROWS_AT_ONCE } from './limits.ts';
import { portfolioView } from '../views/portfolio-view.ts';

export type ReadPortfolio = (user: string) => Promise<PortfolioView>;

/**
 * Opens a reader. Reading on from the last id misses nothing: entries of a user are committed in the order
 * of their ids, because each transaction locks the user's row.
 */
export function openPortfolioReader(pool: Pool, orderLifetimeMs: number): ReadPortfolio {
  const books = new LRUCache<string, LedgerBook>({ max: LEDGER_BOOKS_MAX });

  const bookOf = async (user: string, upTo: bigint): Promise<LedgerBook> => {
    let book = books.get(user) ?? EMPTY_BOOK;
    while (book.last < upTo) {
      const range = { after: book.last, upTo, most: LEDGER_ROWS_AT_ONCE };
      const rows = await loadLedgerAfter(pool, user, range);
      if (rows.length === 0) break;
      book = addEntries(book, rows);
    }
    books.set(user, book);
    return book;
  };

  return async (user) => {
    const record = await loadPortfolioRecord(pool, user, orderLifetimeMs);
    const day = dayOf(record.now);
    const book = onDay(await bookOf(user, BigInt(record.lastEntry)), day);
    const symbols = [...book.symbols].flatMap(([symbol, { shares, sharesAtOpen, tradedToday }]) =>
      shares === 0n && sharesAtOpen === 0n && tradedToday === 0n ? [] : [symbol],
    );
    const openPrices = await loadPricesAt(pool, symbols, startOfDay(day));
    return portfolioView({ user, record, book, openPrices, orderLifetimeMs });
  };
}
