/** A command as its audit events show it, whatever its name. */
import { dollarsOf } from './dollars.ts';

/** A command with the fields that it may have. For the two `SET_*_TRIGGER` the amount is the price. */
export interface GivenCommand {
  readonly number: number;
  readonly name: string;
  /** Null for the whole log. */
  readonly user: string | null;
  readonly symbol?: string;
  readonly amount?: bigint;
  readonly file?: string;
}

/** A command of an amount of a stock, or of its price. */
export type AmountCommand = GivenCommand & { readonly symbol: string; readonly amount: bigint };

/** What an audit event says of its command, named and written as in the log. */
export interface CommandFields {
  readonly command: string;
  readonly username?: string;
  readonly stockSymbol?: string;
  readonly filename?: string;
  readonly funds?: string;
}

export function fieldsOf({ name, user, symbol, amount, file }: GivenCommand): CommandFields {
  return {
    command: name,
    ...(user === null ? {} : { username: user }),
    ...(symbol === undefined ? {} : { stockSymbol: symbol }),
    ...(file === undefined ? {} : { filename: file }),
    ...(amount === undefined ? {} : { funds: dollarsOf(amount) }),
  };
}
