/**
 * `GET /events?symbols=ABC,XYZ`: server-sent events of one user. Quotes are sent for the symbols of the
 * query and for those of the user's holdings, orders and triggers. Event ids are those of ledger entries:
 * an `entry` has its own, and `ready` of a new stream has that of the last entry. With `Last-Event-ID`, the
 * stream starts with the entries since then, so that the client learns of firings that it missed. It
 * repeats at most the latest 200; if there may be more, it sends `missed` before them.
 */
import type { LedgerItem } from './history.ts';
import type { PortfolioView } from './portfolio.ts';
import type { QuoteView } from './quote.ts';

export type ServerEvents = {
  /**
   * The stream is open. If `resumed`, the missed `entry` events follow. `page` is the main script of the
   * server's present pages, or null if it has none; a client that runs another script is outdated.
   */
  ready: { now: number; resumed: boolean; page: string | null };
  /** More entries were missed than are repeated, so the client must load the ledger again. */
  missed: { now: number };
  /** The whole portfolio, at the start and whenever anything but prices changed. */
  portfolio: PortfolioView;
  /** A new movement of money or shares. */
  entry: LedgerItem;
  quote: QuoteView;
  /** Why commands are not decided at present; null once they are again. Only administrators get a remedy. */
  trouble: { what: string | null; remedy: string | null };
  /** The session or token ended; the server closes the stream. */
  ended: { reason: 'signed-out' };
};

export type ServerEventName = keyof ServerEvents;
