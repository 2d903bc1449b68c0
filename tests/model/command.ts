import { dollarsOf } from './dollars.ts';

interface OfUser {
  readonly number: number;
  readonly user: string;
}

export interface FundsCommand extends OfUser {
  readonly name: 'ADD';
  readonly amount: bigint;
}
export interface UserCommand extends OfUser {
  readonly name: 'COMMIT_BUY' | 'CANCEL_BUY' | 'COMMIT_SELL' | 'CANCEL_SELL' | 'DISPLAY_SUMMARY';
}
export interface SymbolCommand extends OfUser {
  readonly name: 'QUOTE' | 'CANCEL_SET_BUY' | 'CANCEL_SET_SELL';
  readonly symbol: string;
}
/** For the two `SET_*_TRIGGER` the amount is the price. */
export interface AmountCommand extends OfUser {
  readonly name:
    'BUY' | 'SELL' | 'SET_BUY_AMOUNT' | 'SET_BUY_TRIGGER' | 'SET_SELL_AMOUNT' | 'SET_SELL_TRIGGER';
  readonly symbol: string;
  readonly amount: bigint;
}
export interface DumpCommand {
  readonly number: number;
  readonly name: 'DUMPLOG';
  /** Null asks for the whole log. */
  readonly user: string | null;
  readonly file: string;
}

export type Command = FundsCommand | UserCommand | SymbolCommand | AmountCommand | DumpCommand;
export type CommandName = Command['name'];

/** What an audit event says of its command, named and written as in the log. */
export interface CommandFields {
  readonly command: CommandName;
  readonly username?: string;
  readonly stockSymbol?: string;
  readonly filename?: string;
  readonly funds?: string;
}

export function fieldsOf(command: Command): CommandFields {
  return {
    command: command.name,
    ...(command.user === null ? {} : { username: command.user }),
    ...('symbol' in command ? { stockSymbol: command.symbol } : {}),
    ...('file' in command ? { filename: command.file } : {}),
    ...('amount' in command ? { funds: dollarsOf(command.amount) } : {}),
  };
}
