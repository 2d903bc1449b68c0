/** Describes a command that took effect for a notice; undefined if the page shows the effect itself. */
import type { Accepted, CommandRequest } from '../../../../../shared/web-api/command.ts';
import { formatMoney, formatShares, readAmount } from './money.ts';

export type Done = { readonly title: string; readonly detail?: string };

export function describeDone(request: CommandRequest, { order }: Accepted): Done | undefined {
  switch (request.command) {
    case 'ADD':
      return { title: `${dollars(request.amount)} added`, detail: 'It is in your cash now.' };
    case 'COMMIT_BUY':
    case 'COMMIT_SELL': {
      const did = request.command === 'COMMIT_BUY' ? 'Bought' : 'Sold';
      if (order === undefined) return { title: did };
      const { shares, symbol, price, cost } = order;
      return {
        title: `${did} ${formatShares(shares)} of ${symbol}`,
        detail: `At ${formatMoney(price)} each, ${formatMoney(cost)} in all.`,
      };
    }
    case 'CANCEL_BUY':
      return { title: 'Buy cancelled', detail: 'Its cost is available again.' };
    case 'CANCEL_SELL':
      return { title: 'Sell cancelled', detail: 'Its shares are available again.' };
    case 'SET_BUY_TRIGGER':
    case 'SET_SELL_TRIGGER':
      return {
        title: `${request.symbol} trigger armed`,
        detail: `It watches for ${dollars(request.price)}.`,
      };
    case 'CANCEL_SET_BUY':
    case 'CANCEL_SET_SELL':
      return {
        title: `${request.symbol} trigger cancelled`,
        detail: 'What it had set aside is yours again.',
      };
    case 'QUOTE':
    case 'BUY':
    case 'SELL':
    case 'SET_BUY_AMOUNT':
    case 'SET_SELL_AMOUNT':
    case 'DISPLAY_SUMMARY':
    case 'DUMPLOG':
      return undefined;
  }
}

function dollars(text: string): string {
  const input = readAmount(text);
  return input.is === 'amount' ? formatMoney(input.cents) : `$${text}`;
}
