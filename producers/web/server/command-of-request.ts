/** Converts a request of the web API to a command, and checks what its schema cannot express. */
import type { Command } from '../../../shared/domain/command.ts';
import { parseSymbol, type StockSymbol } from '../../../shared/domain/identity.ts';
import { AMOUNT_MAX, NO_MONEY, parseDollars, type Cents } from '../../../shared/domain/money.ts';
import type { CommandRequest } from '../../../shared/web-api/command.ts';
import { HttpProblem } from './http-problem.ts';

/** Throws `request-invalid` if an amount, a price or a symbol is out of its range. */
export function commandOf(request: CommandRequest): Command {
  switch (request.command) {
    case 'ADD':
      return { type: request.command, amount: amountOf(request.amount, 'amount') };
    case 'QUOTE':
    case 'CANCEL_SET_BUY':
    case 'CANCEL_SET_SELL':
      return { type: request.command, symbol: symbolOf(request.symbol) };
    case 'BUY':
    case 'SELL':
    case 'SET_BUY_AMOUNT':
    case 'SET_SELL_AMOUNT': {
      const amount = amountOf(request.amount, 'amount');
      return { type: request.command, symbol: symbolOf(request.symbol), amount };
    }
    case 'SET_BUY_TRIGGER':
    case 'SET_SELL_TRIGGER': {
      const price = amountOf(request.price, 'price');
      return { type: request.command, symbol: symbolOf(request.symbol), price };
    }
    case 'COMMIT_BUY':
    case 'CANCEL_BUY':
    case 'COMMIT_SELL':
    case 'CANCEL_SELL':
    case 'DISPLAY_SUMMARY':
      return { type: request.command };
    case 'DUMPLOG':
      return { type: request.command, file: request.file, scope: request.scope ?? 'user' };
  }
}

function amountOf(text: string, field: string): Cents {
  const amount = parseDollars(text);
  if (amount === undefined || amount <= NO_MONEY || amount > AMOUNT_MAX) {
    throw new HttpProblem(
      'request-invalid',
      `body/${field} must be dollars above 0 and at most 1000000000.00`,
    );
  }
  return amount;
}

export function symbolOf(text: string): StockSymbol {
  const symbol = parseSymbol(text);
  if (symbol === undefined) throw new HttpProblem('request-invalid', 'a symbol is 1 to 3 letters');
  return symbol;
}
