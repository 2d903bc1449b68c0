/** Converts a command to a request of the web API; the server parses it to the same command. Pure. */
import type { Command } from '../../shared/domain/command.ts';
import { renderDollars } from '../../shared/domain/money.ts';
import type { CommandRequest } from '../../shared/web-api/command.ts';

export function requestOf(command: Command, number: number): CommandRequest {
  switch (command.type) {
    case 'ADD':
      return { command: command.type, amount: renderDollars(command.amount), number };
    case 'QUOTE':
    case 'CANCEL_SET_BUY':
    case 'CANCEL_SET_SELL':
      return { command: command.type, symbol: command.symbol, number };
    case 'BUY':
    case 'SELL':
    case 'SET_BUY_AMOUNT':
    case 'SET_SELL_AMOUNT': {
      const amount = renderDollars(command.amount);
      return { command: command.type, symbol: command.symbol, amount, number };
    }
    case 'SET_BUY_TRIGGER':
    case 'SET_SELL_TRIGGER': {
      const price = renderDollars(command.price);
      return { command: command.type, symbol: command.symbol, price, number };
    }
    case 'COMMIT_BUY':
    case 'CANCEL_BUY':
    case 'COMMIT_SELL':
    case 'CANCEL_SELL':
    case 'DISPLAY_SUMMARY':
      return { command: command.type, number };
    case 'DUMPLOG':
      return { command: command.type, file: command.file, scope: command.scope, number };
  }
}
