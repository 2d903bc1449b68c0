/** The RPC of quotes, and the event that a price changed. */
import { parseSymbol, parseUserId, type StockSymbol, type UserId } from '../domain/identity.ts';
import { cents, type Cents } from '../domain/money.ts';
import { instant, type Instant } from '../domain/time.ts';
import {
  asInteger,
  asOptional,
  asString,
  parseRecord,
  unreadable,
  type JsonRecord,
} from './json.ts';

export const QUOTE_MESSAGE_VERSION = 1;

/** Who asks: a hit carries the number of the command that caused it. */
export type Asker = {
  /** Names the very command, or arming, so that it is known again by whoever used its hit. */
  readonly id: string;
  readonly user: UserId;
  readonly number: number;
  /** After this instant its command can only be too late: no hit is made for it. */
  readonly deadline?: Instant | undefined;
  /** The trace that its request goes on; it travels beside the message, not in it. */
  readonly trace?: readonly string[] | undefined;
};

/** Whether a quote that arrives from now on can be of use to an asker. */
export const isInTime = ({ deadline }: Pick<Asker, 'deadline'>, now: Instant): boolean =>
  deadline === undefined || now <= deadline;

export type QuoteRequest = { readonly symbol: StockSymbol; readonly asker: Asker };

/** A price received from the legacy server. `receivedAt` is the database's time. */
export type ReceivedQuote = {
  readonly symbol: StockSymbol;
  readonly price: Cents;
  readonly receivedAt: Instant;
  /** The `Asker.id` that caused the hit. */
  readonly causedBy: string;
};

export type QuoteReply =
  | { readonly type: 'quote'; readonly quote: ReceivedQuote }
  | { readonly type: 'unavailable'; readonly symbol: StockSymbol };

const render = (fields: JsonRecord): Buffer =>
  Buffer.from(JSON.stringify({ v: QUOTE_MESSAGE_VERSION, ...fields }));

export const renderQuoteRequest = ({ symbol, asker }: QuoteRequest): Buffer =>
  render({
    symbol,
    id: asker.id,
    user: asker.user,
    number: asker.number,
    deadline: asker.deadline,
  });

export function parseQuoteRequest(body: Uint8Array): QuoteRequest {
  const record = parseRecord(body, QUOTE_MESSAGE_VERSION);
  const user = parseUserId(asString(record['user'], 'the user'));
  if (user === undefined) throw unreadable('the user is not a user name');
  const id = asString(record['id'], 'the id');
  const number = asInteger(record['number'], 'the number');
  const symbol = asSymbol(record['symbol']);
  const deadline = asOptional(record['deadline'], (value) => asInteger(value, 'the deadline'));
  const asker = { id, user, number };
  if (deadline === undefined) return { symbol, asker };
  return { symbol, asker: { ...asker, deadline: instant(deadline) } };
}

const quoteFields = (quote: ReceivedQuote): JsonRecord => ({
  symbol: quote.symbol,
  price: Number(quote.price),
  receivedAt: quote.receivedAt,
  causedBy: quote.causedBy,
});

export const renderQuoteReply = (reply: QuoteReply): Buffer =>
  reply.type === 'quote'
    ? render(quoteFields(reply.quote))
    : render({ symbol: reply.symbol, unavailable: true });

export function parseQuoteReply(body: Uint8Array): QuoteReply {
  const record = parseRecord(body, QUOTE_MESSAGE_VERSION);
  if (record['unavailable'] === true) {
    return { type: 'unavailable', symbol: asSymbol(record['symbol']) };
  }
  return { type: 'quote', quote: parseQuoteFields(record) };
}

export const renderQuoteChanged = (quote: ReceivedQuote): Buffer => render(quoteFields(quote));

export const parseQuoteChanged = (body: Uint8Array): ReceivedQuote =>
  parseQuoteFields(parseRecord(body, QUOTE_MESSAGE_VERSION));

const parseQuoteFields = (record: JsonRecord): ReceivedQuote => ({
  symbol: asSymbol(record['symbol']),
  price: cents(asInteger(record['price'], 'the price')),
  receivedAt: instant(asInteger(record['receivedAt'], 'the receipt')),
  causedBy: asString(record['causedBy'], 'the cause'),
});

function asSymbol(value: unknown): StockSymbol {
  const symbol = parseSymbol(asString(value, 'the symbol'));
  if (symbol === undefined) throw unreadable('the symbol is not 1 to 3 of A–Z');
  return symbol;
}
