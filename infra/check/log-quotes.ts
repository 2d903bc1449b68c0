/**
 * The quotes of a log, by symbol and time. A quote may stand in the log a little after a command that used
 * it, because each is committed in a transaction of its own. So the events are read some thousand
 * ahead: a quote is *foreseen* when it is read, and *passed* when the check comes to its place.
 */
import type { StockSymbol } from '../../shared/domain/identity.ts';
import { NO_MONEY, type Cents } from '../../shared/domain/money.ts';
import type { LogEvent } from './log-event.ts';

export type LogQuote = {
  readonly event: LogEvent;
  readonly price: Cents;
  /** Whether the command whose number it carries was found. */
  isClaimed: boolean;
  isPassed: boolean;
};

/** A hit whose command has not come yet, and how many triggers of the user had fired at the hit. */
export type PendingHit = { readonly quote: LogQuote; readonly firings: number };

export type UsedQuote = { readonly quote: LogQuote; readonly isFresh: boolean };

export interface LogQuotes {
  foresee(event: LogEvent): void;
  /** Returns the quote of an event that was foreseen; forgets old ones of its symbol. */
  pass(event: LogEvent): LogQuote | undefined;
  /**
   * Returns the quote that a command or a firing used: the latest before its time, or else the first soon after
   * it. Returns one that is not fresh only if there is no other, and undefined if there is none.
   */
  usedBy(event: LogEvent, symbol: StockSymbol): UsedQuote | undefined;
  /** Returns the quote that was still fresh when this one was received; undefined if none was. */
  freshBefore(quote: LogQuote): LogQuote | undefined;
}

/** How many passed quotes of a symbol are kept. */
const PASSED_MAX = 16;
/** How long after the time of a command the quote may be received that another command caused. */
const SOON_MS = 2_000;
/** The same for the quote that it caused itself: others log a command before they ask for its quote. */
const OWN_SOON_MS = 30_000;

export function openLogQuotes(lifetimeMs: number): LogQuotes {
  /** The quotes of each symbol by time, and those of one time in the order of the log. */
  const bySymbol = new Map<StockSymbol, LogQuote[]>();
  const byEvent = new Map<LogEvent, LogQuote>();
  const quotesOf = ({ symbol }: Pick<LogEvent, 'symbol'>): LogQuote[] =>
    symbol === undefined ? [] : (bySymbol.get(symbol) ?? []);
  const isFresh = ({ event }: LogQuote, at: number): boolean => at < event.at + lifetimeMs;

  return {
    foresee: (event) => {
      const quote = { event, price: event.funds ?? NO_MONEY, isClaimed: false, isPassed: false };
      const quotes = quotesOf(event);
      quotes.splice(countUntil(quotes, event.at), 0, quote);
      if (event.symbol !== undefined) bySymbol.set(event.symbol, quotes);
      byEvent.set(event, quote);
    },
    pass: (event) => {
      const quote = byEvent.get(event);
      if (quote === undefined) return undefined;
      byEvent.delete(event);
      quote.isPassed = true;
      const quotes = quotesOf(event);
      while (quotes[PASSED_MAX]?.isPassed === true && quotes[0]?.isPassed === true) quotes.shift();
      return quote;
    },
    usedBy: (event, symbol) => {
      const quotes = quotesOf({ symbol });
      const index = countUntil(quotes, event.at);
      const [before, after] = [quotes[index - 1], quotes[index]];
      if (before !== undefined && isFresh(before, event.at))
        return { quote: before, isFresh: true };
      if (after !== undefined && isSoonAfter(event, after)) return { quote: after, isFresh: true };
      return before && { quote: before, isFresh: false };
    },
    freshBefore: (quote) => {
      const quotes = quotesOf(quote.event);
      const before = quotes[quotes.indexOf(quote) - 1];
      return before !== undefined && isFresh(before, quote.event.at) ? before : undefined;
    },
  };
}

/** Returns whether a quote carries the user and the number of a command. */
export const isOwnQuote = ({ user, number }: LogEvent, { event }: LogQuote): boolean =>
  event.number === number && event.user === user;

const isSoonAfter = (event: LogEvent, quote: LogQuote): boolean =>
  quote.event.at - event.at <= (isOwnQuote(event, quote) ? OWN_SOON_MS : SOON_MS);

/** Returns how many quotes were received until an instant, itself included. */
function countUntil(quotes: readonly LogQuote[], at: number): number {
  let low = 0;
  let high = quotes.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((quotes[middle]?.event.at ?? 0) <= at) low = middle + 1;
    else high = middle;
  }
  return low;
}
