/** Parses an answer of the legacy server: `price,SYM,user,timestampMs,cryptokey`. Pure. Source: SPEC §4.1. */
import { BALANCE_MAX, parseDollars, type Cents } from '../../shared/domain/money.ts';
import type { BadAnswer, LegacyQuote, Question } from './legacy-quote.ts';

export type ParsedAnswer =
  | { readonly ok: true; readonly quote: LegacyQuote }
  | { readonly ok: false; readonly reason: BadAnswer };

const FIELDS = 5;
/** Accepts a minus, so that a negative price has a reason of its own in the logs. */
const NOT_POSITIVE = /^(?:-\d+(?:\.\d{1,2})?|0+(?:\.0{1,2})?)$/;
const TIME = /^[1-9]\d{0,15}$/;
/** Printable ASCII without a comma, all of which the audit log can hold. */
const KEY = /^[!-+\--~]{1,256}$/;

/**
 * Parses one line, without its line feed, as the answer to a question. Refuses an answer for another
 * user as well as for another symbol, because the key signs all fields together.
 */
export function parseQuoteAnswer(line: string, { symbol, user }: Question): ParsedAnswer {
  const fields = line.replace(/[ \t\r]+$/, '').split(',');
  const [priceText = '', answeredSymbol, answeredUser, timeText = '', cryptokey = ''] = fields;
  if (fields.length !== FIELDS) return refuse('not-a-quote');
  if (answeredSymbol !== symbol) return refuse('wrong-symbol');
  if (answeredUser !== user) return refuse('wrong-user');
  const price = parsePrice(priceText);
  if (typeof price === 'string') return refuse(price);
  const serverTime = parseTime(timeText);
  if (serverTime === undefined) return refuse('time-unreadable');
  if (!KEY.test(cryptokey)) return refuse('key-unreadable');
  return { ok: true, quote: { symbol, price, user, serverTime, cryptokey } };
}

function parsePrice(text: string): Cents | BadAnswer {
  if (NOT_POSITIVE.test(text)) return 'price-not-positive';
  const price = parseDollars(text);
  if (price === undefined) return 'price-unreadable';
  // No account can hold more, and a double still represents this bound exactly.
  return price > BALANCE_MAX ? 'price-too-high' : price;
}

function parseTime(text: string): number | undefined {
  const time = TIME.test(text) ? Number(text) : NaN;
  return Number.isSafeInteger(time) ? time : undefined;
}

const refuse = (reason: BadAnswer): ParsedAnswer => ({ ok: false, reason });
