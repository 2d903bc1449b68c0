/** Reads what the legacy server answered: `price,SYM,user,timestampMs,cryptokey`. Pure. Source: SPEC §4.1. */
import { BALANCE_MAX, parseDollars, type Cents } from '../../shared/domain/money.ts';
import type { BadAnswer, LegacyQuote, Question } from './legacy-quote.ts';

export type ParsedAnswer =
  | { readonly ok: true; readonly quote: LegacyQuote }
  | { readonly ok: false; readonly reason: BadAnswer };

const FIELDS = 5;
/** A minus is read so that a price below zero has its own name in the logs. */
const NOT_POSITIVE = /^(?:-\d+(?:\.\d{1,2})?|0+(?:\.0{1,2})?)$/;
const TIME = /^[1-9]\d{0,15}$/;
/** Printable ASCII without a comma: all of it can stand in the audit log. */
const KEY = /^[!-+\--~]{1,256}$/;

/**
 * Reads one line, without its end, as the answer to a question. An answer in another user's name is
 * refused as one for another symbol is: its key vouches for all of its fields together.
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
  // No account can hold more, and a double still counts it exactly.
  return price > BALANCE_MAX ? 'price-too-high' : price;
}

function parseTime(text: string): number | undefined {
  const time = TIME.test(text) ? Number(text) : NaN;
  return Number.isSafeInteger(time) ? time : undefined;
}

const refuse = (reason: BadAnswer): ParsedAnswer => ({ ok: false, reason });
