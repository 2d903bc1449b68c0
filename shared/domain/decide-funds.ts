/** `ADD`, `QUOTE`, `DISPLAY_SUMMARY` and `DUMPLOG`. */
import type { Command } from './command.ts';
import { accepted, rejected, withPrice, type Context, type Decision } from './decision.ts';
import { isDumpFileName } from './dump-file.ts';
import type { StockSymbol } from './identity.ts';
import { add, BALANCE_MAX, type Cents } from './money.ts';
import type { Portfolio } from './portfolio.ts';

/** Adds money to the balance. The first accepted `ADD` opens the account. */
export function decideAdd(portfolio: Portfolio, amount: Cents): Decision {
  if (add(portfolio.balance, amount) > BALANCE_MAX) return rejected('balance-limit');
  return accepted({ type: 'FundsAdded', amount });
}

/** Accepts once a quote is fresh. It changes nothing. */
export const decideQuote = (symbol: StockSymbol, context: Context): Decision =>
  withPrice(context, symbol, () => accepted());

/** Accepts without an event. The caller renders the summary from the portfolio and the ledger. */
export const decideSummary = (): Decision => accepted();

/** Accepts without an event. The caller records the request for the dump. */
export function decideDumpLog(
  command: Extract<Command, { type: 'DUMPLOG' }>,
  context: Context,
): Decision {
  if (command.scope === 'all' && !context.administrator) return rejected('not-administrator');
  if (!isDumpFileName(command.file)) return rejected('file-name-invalid');
  return accepted();
}
