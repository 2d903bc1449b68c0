/** What a ledger gives of a portfolio at an instant: everything but its pending orders and the prices of triggers. Pure. */
import type { PortfolioRecord } from '../../../../shared/pg/web-portfolio.ts';
import type { PastQuote } from '../../../../shared/pg/web-quotes.ts';
import type { LedgerBook } from './ledger-book.ts';

type TriggerRecord = PortfolioRecord['triggers'][number];

export const pastRecord = (
  { balance, symbols, last }: LedgerBook,
  at: number,
  quotes: readonly PastQuote[],
): PortfolioRecord => ({
  now: at,
  balance: Number(balance),
  holdings: [...symbols].flatMap(([symbol, { shares, reservedShares }]) =>
    shares === reservedShares ? [] : [{ symbol, shares: Number(shares - reservedShares) }],
  ),
  orders: [],
  triggers: [...symbols].flatMap(([symbol, { reserve, reservedShares }]): TriggerRecord[] => [
    ...(reserve === 0n ? [] : [reserveOf(symbol, 'buy', { amount: reserve, shares: 0n })]),
    ...(reservedShares === 0n
      ? []
      : [reserveOf(symbol, 'sell', { amount: 0n, shares: reservedShares })]),
  ]),
  quotes: quotes.map(({ symbol, price, received_at }) => ({
    symbol,
    price: Number(price),
    receivedAt: Number(received_at),
  })),
  unread: 0,
  lastEntry: last.toString(),
  version: last.toString(),
});

const reserveOf = (
  symbol: string,
  side: 'buy' | 'sell',
  { amount, shares }: { readonly amount: bigint; readonly shares: bigint },
): TriggerRecord => ({
  symbol,
  side,
  amount: Number(amount),
  price: null,
  shares: Number(shares),
});
