/**
 * `GET /events?symbols=ABC,XYZ`: server-sent events of one user. Quotes come for the symbols asked
 * for and those of the user's holdings, orders and triggers. Only `entry` events carry an id (that
 * of the ledger); with `Last-Event-ID` the entries since then come first, so that a firing is told
 * even if it happened while nobody listened. At most the latest 200 are told again; `missed` comes
 * first where there may be more.
 */
import type { LedgerItem } from './history.ts';
import type { Portfolio } from './portfolio.ts';
import type { QuoteView } from './quote.ts';

export type ServerEvents = {
  /**
   * The stream stands; what `entry` events follow were missed. `page` is the main script of the
   * pages that the server has now (null where it has none): one that runs another is old.
   */
  ready: { now: number; resumed: boolean; page: string | null };
  /** More entries were missed than are told again: what was read of the ledger is to be read anew. */
  missed: { now: number };
  /** Everything, whenever anything but prices changed, and once at the start. */
  portfolio: Portfolio;
  /** A movement of money or shares: funds added, trades, triggers fired. */
  entry: LedgerItem;
  quote: QuoteView;
  /** Why commands are not decided now; null once they are again. Only administrators get a remedy. */
  trouble: { what: string | null; remedy: string | null };
  /** The session or token ended; the server closes the stream. */
  ended: { reason: 'signed-out' };
};

export type ServerEventName = keyof ServerEvents;
