/** Reads portfolios, as they are and as they were at an instant. */
import { awaitDecided } from '../../../../shared/pg/ledger-instant.ts';
import type { Pool } from '../../../../shared/pg/pool.ts';
import { loadLastEntry } from '../../../../shared/pg/web-ledger.ts';
import { loadPortfolioRecord } from '../../../../shared/pg/web-portfolio.ts';
import { loadQuotesAt } from '../../../../shared/pg/web-quotes.ts';
import { firstMovementAt } from '../../../../shared/pg/web-value.ts';
import type { PortfolioView } from '../../../../shared/web-api/portfolio.ts';
import { dayOf, onDay, startOfDay, type LedgerBook } from '../views/ledger-book.ts';
import { pastRecord } from '../views/past-record.ts';
import { portfolioView } from '../views/portfolio-view.ts';
import { HttpProblem } from './http-problem.ts';
import { openLedgerBooks } from './ledger-books.ts';

export type ReadPortfolio = (user: string) => Promise<PortfolioView>;

/**
 * Reads a portfolio as the ledger alone gives it, with the prices of that time. Rejects with a problem if the ledger
 * has nothing of the instant.
 */
export type ReadPastPortfolio = (user: string, at: number) => Promise<PortfolioView>;

type PortfolioReader = {
  readonly readPortfolio: ReadPortfolio;
  readonly readPastPortfolio: ReadPastPortfolio;
};

export function openPortfolioReader(pool: Pool, orderLifetimeMs: number): PortfolioReader {
  const books = openLedgerBooks(pool);
  const openPricesOf = async (book: LedgerBook): Promise<ReadonlyMap<string, bigint>> => {
    const quotes = await loadQuotesAt(pool, tradedSymbols(book), startOfDay(book.day));
    return new Map(quotes.map(({ symbol, price }) => [symbol, price]));
  };
  return {
    readPortfolio: async (user) => {
      const record = await loadPortfolioRecord(pool, user, orderLifetimeMs);
      const day = dayOf(record.now);
      const book = onDay(await books.upTo(user, BigInt(record.lastEntry)), day);
      const openPrices = await openPricesOf(book);
      return portfolioView({ user, record, book, openPrices, orderLifetimeMs });
    },
    readPastPortfolio: async (user, at) => {
      await requireEntryAt(pool, user, at);
      const last = await loadLastEntry(pool, user);
      const book = onDay(await books.at(user, at, last), dayOf(at));
      const [quotes, openPrices] = await Promise.all([
        loadQuotesAt(pool, [...book.symbols.keys()], at + 1),
        openPricesOf(book),
      ]);
      const record = pastRecord(book, at, quotes);
      const view = portfolioView({ user, record, book, openPrices, orderLifetimeMs });
      // The ledger has what triggers reserve, but neither their prices nor the amounts of sell triggers.
      return { ...view, triggers: [] };
    },
  };
}

/** The symbols of which the user had shares at the start of the day, has some now, or traded some between. */
const tradedSymbols = ({ symbols }: LedgerBook): readonly string[] =>
  [...symbols].flatMap(([symbol, { shares, sharesAtOpen, tradedToday }]) =>
    shares === 0n && sharesAtOpen === 0n && tradedToday === 0n ? [] : [symbol],
  );

async function requireEntryAt(pool: Pool, user: string, at: number): Promise<void> {
  const now = await awaitDecided(pool, at);
  if (at > now) throw unknown(`it is ${asText(now)} here`);
  const first = await firstMovementAt(pool, user);
  if (first.at === undefined) throw unknown('you have no account yet');
  if (at < first.at) throw unknown(`your account was opened at ${asText(first.at)}`);
}

const unknown = (why: string): HttpProblem => new HttpProblem('time-unknown', why);
const asText = (at: number): string => new Date(at).toISOString();
