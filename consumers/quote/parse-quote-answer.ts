/** Reading what the legacy server answers: `price,SYM,user,timestampMs,cryptokey`. Pure. Source: SPEC §4.1. */
import { parseSymbol, type StockSymbol } from '../../shared/domain/identity.ts';
import { BALANCE_MAX, parseDollars, type Cents } from '../../shared/domain/money.ts';

export type LegacyQuote = {
  readonly symbol: StockSymbol;
  readonly price: Cents;
  readonly user: string;
  /** Unix milliseconds, as the server says. */
  readonly serverTime: number;
  readonly cryptokey: string;
};

export type QuoteAnswer = LegacyQuote | { readonly bad: string };

const bad = (reason: string): QuoteAnswer => ({ bad: reason });

/** Reads one line; anything but a positive price for what was asked is bad, with the reason. */
export function parseQuoteAnswer(
  line: string,
  asked: { readonly symbol: StockSymbol; readonly user: string },
): QuoteAnswer {
  const fields = line.trim().split(',');
  const [priceText = '', symbolText = '', user = '', timeText = '', cryptokey = ''] = fields;
  if (fields.length !== 5) return bad(`${fields.length} fields instead of 5`);
  const price = parseDollars(priceText);
  if (price === undefined || price <= 0n || price > BALANCE_MAX) return bad('no positive price');
  if (parseSymbol(symbolText) !== asked.symbol) return bad('another symbol');
  if (user !== asked.user) return bad('another user');
  const serverTime = /^\d{1,15}$/.test(timeText) ? Number(timeText) : 0;
  if (serverTime < 1) return bad('no time stamp');
  if (cryptokey === '') return bad('no key');
  return { symbol: asked.symbol, price, user, serverTime, cryptokey };
}
