/** The request and the reply for a quote, and the event of a new price. */
import {
  parseSymbol,
  parseUserId,
  type ArmingId,
  type StockSymbol,
  type UserId,
} from '../domain/identity.ts';
import { cents } from '../domain/money.ts';
import type { ReceivedQuote } from '../domain/quote.ts';
import { instant, type Instant } from '../domain/time.ts';
import {
  asInteger,
  asOptional,
  asString,
  parseRecord,
  unreadable,
  type JsonRecord,
} from './json.ts';

const QUOTE_MESSAGE_VERSION = 1;

/** The command or arming that needs a quote. The `quoteServer` event of a hit has its user and number. */
export type Asker = {
  /** `commandAskerId` or `armingAskerId`: a quote is traced by it to the asker that caused its hit. */
  readonly id: string;
  readonly user: UserId;
  readonly number: number;
  /** The stream of the command and its position, so that its run counts the hit; an arming has none. */
  readonly stream?: string | undefined;
  readonly position?: number | undefined;
  /** The last instant at which its command is in time; later no hit is made for it. */
  readonly deadline?: Instant | undefined;
  /** The parent spans of the request. They are sent in the message's headers, not in its body. */
  readonly trace?: readonly string[] | undefined;
};

/** Returns the permanent name of a command. It is compared, never parsed. */
export const commandAskerId = (command: {
  readonly user: UserId;
  readonly stream: string;
  readonly position: number;
}): string => `${command.user}/${command.stream}/${command.position}`;

/** Returns the permanent name of the arming of a trigger. It is compared, never parsed. */
export const armingAskerId = (armingId: ArmingId): string => `arming/${armingId}`;

/** Whether the asker's command can still use a quote that arrives at `now` or later. */
export const isInTime = ({ deadline }: Pick<Asker, 'deadline'>, now: Instant): boolean =>
  deadline === undefined || now <= deadline;

export type QuoteRequest = { readonly symbol: StockSymbol; readonly asker: Asker };

export type QuoteReply =
  | { readonly type: 'quote'; readonly quote: ReceivedQuote }
  | { readonly type: 'unavailable'; readonly symbol: StockSymbol };

const render = (fields: JsonRecord): Buffer =>
  Buffer.from(JSON.stringify({ v: QUOTE_MESSAGE_VERSION, ...fields }));

/** Renders a request as `parseQuoteRequest` reads it, without the trace of its asker. */
export const renderQuoteRequest = ({ symbol, asker }: QuoteRequest): Buffer =>
  render({
    symbol,
    id: asker.id,
    user: asker.user,
    number: asker.number,
    stream: asker.stream,
    position: asker.position,
    deadline: asker.deadline,
  });

/** Parses a request. Throws a `ContractError` if the body is not one. */
export function parseQuoteRequest(body: Uint8Array): QuoteRequest {
  const record = parseRecord(body, QUOTE_MESSAGE_VERSION);
  const user = parseUserId(asString(record['user'], 'the user'));
  if (user === undefined) throw unreadable('the user is not a user name');
  const id = asString(record['id'], 'the id');
  const number = asInteger(record['number'], 'the number');
  const symbol = asSymbol(record['symbol']);
  const stream = asOptional(record['stream'], (value) => asString(value, 'the stream'));
  const position = asOptional(record['position'], (value) => asInteger(value, 'the position'));
  const deadline = asOptional(record['deadline'], (value) => asInteger(value, 'the deadline'));
  const asker = {
    id,
    user,
    number,
    ...(stream !== undefined && { stream }),
    ...(position !== undefined && { position }),
    ...(deadline !== undefined && { deadline: instant(deadline) }),
  };
  return { symbol, asker };
}

const quoteFields = (quote: ReceivedQuote): JsonRecord => ({
  symbol: quote.symbol,
  price: Number(quote.price),
  receivedAt: quote.receivedAt,
  causedBy: quote.causedBy,
});

/** Renders a reply as `parseQuoteReply` reads it. */
export const renderQuoteReply = (reply: QuoteReply): Buffer =>
  reply.type === 'quote'
    ? render(quoteFields(reply.quote))
    : render({ symbol: reply.symbol, unavailable: true });

/** Parses a reply. Throws a `ContractError` if the body is not one. */
export function parseQuoteReply(body: Uint8Array): QuoteReply {
  const record = parseRecord(body, QUOTE_MESSAGE_VERSION);
  if (record['unavailable'] === true) {
    return { type: 'unavailable', symbol: asSymbol(record['symbol']) };
  }
  return { type: 'quote', quote: parseQuoteFields(record) };
}

/** Renders the event of a new price as `parseQuoteChanged` reads it. */
export const renderQuoteChanged = (quote: ReceivedQuote): Buffer => render(quoteFields(quote));

/** Parses the event of a new price. Throws a `ContractError` if the body is not one. */
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
