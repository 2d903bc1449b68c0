/** The rules of every command. Pure and total: the caller fetches what they need. Source: SPEC §3. */
import { COMMANDS } from './command-catalogue.ts';
import type { Command, CommandOf, FireTrigger, UnreadableCommand } from './command.ts';
import { decideBuy, decideCancelBuy, decideCommitBuy } from './decide-buy.ts';
import {
  decideCancelSetBuy,
  decideSetBuyAmount,
  decideSetBuyTrigger,
} from './decide-buy-trigger.ts';
import { decideFiring } from './decide-firing.ts';
import { decideCancelSell, decideCommitSell, decideSell } from './decide-sell.ts';
import {
  decideCancelSetSell,
  decideSetSellAmount,
  decideSetSellTrigger,
} from './decide-sell-trigger.ts';
import { accepted, rejected, withPrice, type Context, type Decision } from './decision.ts';
import { isDumpFileName } from './dump-file.ts';
import type { StockSymbol } from './identity.ts';
import { add, BALANCE_MAX, type Cents } from './money.ts';
import type { Portfolio } from './portfolio.ts';

/** Decides one command. The caller must have removed expired orders from the portfolio (`withoutExpired`). */
export function decide(
  portfolio: Portfolio,
  command: Command | UnreadableCommand | FireTrigger,
  context: Context,
): Decision {
  if (command.type === 'UNREADABLE') return rejected('unreadable');
  if (context.deadline !== undefined && context.now > context.deadline) return rejected('too-late');
  if (!portfolio.opened && needsAccount(command)) return rejected('account-unknown');
  return decideReadable(portfolio, command, context);
}

/** Without an account a firing finds no arming, and so does nothing. */
const needsAccount = ({ type }: Command | FireTrigger): boolean =>
  type !== 'FIRE_TRIGGER' && COMMANDS[type].needsAccount;

function decideReadable(
  portfolio: Portfolio,
  command: Command | FireTrigger,
  context: Context,
): Decision {
  switch (command.type) {
    case 'ADD':
      return decideAdd(portfolio, command.amount);
    case 'QUOTE':
      return decideQuote(command.symbol, context);
    case 'BUY':
      return decideBuy(portfolio, command, context);
    case 'COMMIT_BUY':
      return decideCommitBuy(portfolio);
    case 'CANCEL_BUY':
      return decideCancelBuy(portfolio);
    case 'SELL':
      return decideSell(portfolio, command, context);
    case 'COMMIT_SELL':
      return decideCommitSell(portfolio);
    case 'CANCEL_SELL':
      return decideCancelSell(portfolio);
    case 'SET_BUY_AMOUNT':
      return decideSetBuyAmount(portfolio, command);
    case 'SET_BUY_TRIGGER':
      return decideSetBuyTrigger(portfolio, command, context);
    case 'CANCEL_SET_BUY':
      return decideCancelSetBuy(portfolio, command.symbol);
    case 'SET_SELL_AMOUNT':
      return decideSetSellAmount(portfolio, command);
    case 'SET_SELL_TRIGGER':
      return decideSetSellTrigger(portfolio, command, context);
    case 'CANCEL_SET_SELL':
      return decideCancelSetSell(portfolio, command.symbol);
    case 'DISPLAY_SUMMARY':
      // The caller renders the summary from the portfolio and the ledger.
      return accepted();
    case 'DUMPLOG':
      return decideDumpLog(command, context);
    case 'FIRE_TRIGGER':
      return decideFiring(portfolio, command, context);
  }
}

/** Adds money to the balance. The first accepted `ADD` opens the account. */
function decideAdd(portfolio: Portfolio, amount: Cents): Decision {
  if (add(portfolio.balance, amount) > BALANCE_MAX) return rejected('balance-limit');
  return accepted({ type: 'FundsAdded', amount });
}

/** Accepts once a quote is fresh. It changes nothing. */
const decideQuote = (symbol: StockSymbol, context: Context): Decision =>
  withPrice(context, symbol, () => accepted());

/** Accepts without an event. The caller records the request for the dump. */
function decideDumpLog({ scope, file }: CommandOf<'DUMPLOG'>, context: Context): Decision {
  if (scope === 'all' && !context.administrator) return rejected('not-administrator');
  if (!isDumpFileName(file)) return rejected('file-name-invalid');
  return accepted();
}
