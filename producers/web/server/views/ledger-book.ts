/** Sums up a user's ledger: costs, the shares at the start of the day, and ended triggers. Pure. */
import type { LedgerRow } from '../../../../shared/pg/web-ledger.ts';
import type { EndedTrigger } from '../../../../shared/web-api/portfolio.ts';

/** All shares of a symbol, including reserved ones, and their total at average cost. */
export type SymbolBook = {
  readonly shares: bigint;
  readonly cost: bigint;
  /** What all sales brought, minus the average cost of the shares sold. */
  readonly realised: bigint;
  /** The time of the last trade; 0 if there was none. */
  readonly tradedAt: bigint;
  /** The shares at the start of the day. */
  readonly sharesAtOpen: bigint;
  /** The money that the day's trades earned (+) or cost (−). */
  readonly tradedToday: bigint;
  /** The part of `shares` that an armed sell trigger reserves, and the money that a buy trigger does. */
  readonly reservedShares: bigint;
  readonly reserve: bigint;
};

export type LedgerBook = {
  /** The id of the last entry that it includes. */
  readonly last: bigint;
  /** The time of that entry. */
  readonly lastAt: number;
  /** How many entries it includes. */
  readonly entries: number;
  /** The day to which it applies, in days since 1970 UTC. */
  readonly day: number;
  readonly balance: bigint;
  readonly deposited: bigint;
  readonly symbols: ReadonlyMap<string, SymbolBook>;
  /** The latest `ENDED_MAX` ended triggers, latest first. */
  readonly ended: readonly EndedTrigger[];
};

export const EMPTY_BOOK: LedgerBook = {
  last: 0n,
  lastAt: 0,
  entries: 0,
  day: 0,
  balance: 0n,
  deposited: 0n,
  symbols: new Map(),
  ended: [],
};

const DAY_MS = 24 * 60 * 60 * 1_000;
const ENDED_MAX = 20;
const NOTHING: SymbolBook = {
  shares: 0n,
  cost: 0n,
  realised: 0n,
  tradedAt: 0n,
  sharesAtOpen: 0n,
  tradedToday: 0n,
  reservedShares: 0n,
  reserve: 0n,
};

export const dayOf = (at: number): number => Math.floor(at / DAY_MS);
export const startOfDay = (day: number): number => day * DAY_MS;

/** Returns the book with further entries, in the order of their ids. */
export function addEntries(book: LedgerBook, entries: readonly LedgerRow[]): LedgerBook {
  const latest = entries.at(-1);
  if (latest === undefined) return book;
  const symbols = new Map(book.symbols);
  let { day, balance, deposited } = book;
  const ended: EndedTrigger[] = [];
  for (const entry of entries) {
    const today = dayOf(Number(entry.at));
    if (today > day) {
      for (const [symbol, each] of symbols) symbols.set(symbol, opened(each));
      day = today;
    }
    balance += entry.balance;
    deposited += entry.deposited;
    if (entry.symbol !== null) {
      symbols.set(entry.symbol, moved(symbols.get(entry.symbol) ?? NOTHING, entry));
    }
    const end = endedTrigger(entry);
    if (end !== undefined) ended.push(end);
  }
  return {
    last: latest.id,
    lastAt: Number(latest.at),
    entries: book.entries + entries.length,
    day,
    balance,
    deposited,
    symbols,
    ended: [...ended.reverse(), ...book.ended].slice(0, ENDED_MAX),
  };
}

/** Returns the book on a later day: the present shares are those at its start, and nothing is traded yet. */
export function onDay(book: LedgerBook, day: number): LedgerBook {
  if (day <= book.day) return book;
  const symbols = new Map([...book.symbols].map(([symbol, each]) => [symbol, opened(each)]));
  return { ...book, day, symbols };
}

const opened = (book: SymbolBook): SymbolBook => ({
  ...book,
  sharesAtOpen: book.shares,
  tradedToday: 0n,
});

function moved(book: SymbolBook, entry: LedgerRow): SymbolBook {
  const reservedShares = book.reservedShares + entry.reserved_shares;
  const after = { ...book, reservedShares, reserve: book.reserve + entry.reserve };
  return entry.traded_shares === 0n ? after : traded(after, entry);
}

/** A sale reduces the cost in proportion, so that the average cost stays the same; the rest of its money is profit. */
function traded(book: SymbolBook, entry: LedgerRow): SymbolBook {
  const { traded: money, traded_shares: count, at } = entry;
  const isSale = count < 0n && book.shares > 0n;
  const soldCost = isSale ? (book.cost * -count) / book.shares : 0n;
  return {
    ...book,
    shares: book.shares + count,
    cost: isSale ? book.cost - soldCost : book.cost - money,
    realised: isSale ? book.realised + money - soldCost : book.realised,
    tradedAt: at,
    tradedToday: book.tradedToday + money,
  };
}

const ENDED = /^(Buy|Sell)Trigger(Fired|Cancelled)$/;

/** Returns the trigger that an entry ended; undefined if it ended none. */
function endedTrigger(entry: LedgerRow): EndedTrigger | undefined {
  const [, side, end] = ENDED.exec(entry.event) ?? [];
  if (side === undefined || entry.symbol === null) return undefined;
  const count = Number(entry.traded_shares);
  return {
    at: Number(entry.at),
    number: Number(entry.number),
    symbol: entry.symbol,
    side: side === 'Buy' ? 'buy' : 'sell',
    state: end === 'Fired' ? 'fired' : 'cancelled',
    price: entry.price === null ? null : Number(entry.price),
    shares: Math.abs(count),
    traded: Number(entry.traded),
  };
}
