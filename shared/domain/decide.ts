/** The rules of every command. Pure and total: the caller fetches what they need. Source: SPEC §3. */
import type { Command, FireTrigger, UnreadableCommand } from './command.ts';
import { decideBuy, decideCancelBuy, decideCommitBuy } from './decide-buy.ts';
import {
  decideCancelSetBuy,
  decideSetBuyAmount,
  decideSetBuyTrigger,
} from './decide-buy-trigger.ts';
import { decideFiring } from './decide-firing.ts';
import { decideAdd, decideDumpLog, decideQuote, decideSummary } from './decide-funds.ts';
import { decideCancelSell, decideCommitSell, decideSell } from './decide-sell.ts';
import {
  decideCancelSetSell,
  decideSetSellAmount,
  decideSetSellTrigger,
} from './decide-sell-trigger.ts';
import { rejected, type Context, type Decision } from './decision.ts';
import type { Portfolio } from './portfolio.ts';

/** Commands that need no account. */
const ACCOUNTLESS: ReadonlySet<string> = new Set(['ADD', 'QUOTE', 'DUMPLOG', 'FIRE_TRIGGER']);

/** Decides one command. The caller must have removed expired orders from the portfolio (`withoutExpired`). */
export function decide(
  portfolio: Portfolio,
  command: Command | UnreadableCommand | FireTrigger,
  context: Context,
): Decision {
  if (command.type === 'UNREADABLE') return rejected('unreadable');
  if (context.deadline !== undefined && context.now > context.deadline) return rejected('too-late');
  if (!portfolio.opened && !ACCOUNTLESS.has(command.type)) return rejected('account-unknown');
  return decideReadable(portfolio, command, context);
}

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
      return decideSummary();
    case 'DUMPLOG':
      return decideDumpLog(command, context);
    case 'FIRE_TRIGGER':
      return decideFiring(portfolio, command, context);
  }
}
