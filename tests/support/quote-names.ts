/** Symbols, users and quotes as tests name them. */
import {
  parseSymbol,
  parseUserId,
  type StockSymbol,
  type UserId,
} from '../../shared/domain/identity.ts';
import { cents } from '../../shared/domain/money.ts';
import { instant } from '../../shared/domain/time.ts';
import type { Asker } from '../../shared/messages/quote-message.ts';
import type { ReceivedQuote } from '../../shared/domain/quote.ts';

export function symbolOf(text: string): StockSymbol {
  const symbol = parseSymbol(text);
  if (symbol === undefined) throw new TypeError(`${text} is no symbol`);
  return symbol;
}

export function userOf(text: string): UserId {
  const user = parseUserId(text);
  if (user === undefined) throw new TypeError(`${text} is no user`);
  return user;
}

export const askerOf = (id: string, deadline?: number): Asker => ({
  ...{ id, user: userOf('alice'), number: 7 },
  ...(deadline !== undefined && { deadline: instant(deadline) }),
});

export const quoteOf = (
  symbol: string,
  receivedAt: number,
  {
    price = 100,
    causedBy = 'someone',
  }: { readonly price?: number; readonly causedBy?: string } = {},
): ReceivedQuote => ({
  symbol: symbolOf(symbol),
  price: cents(price),
  receivedAt: instant(receivedAt),
  causedBy,
});
