import type { Command } from './command.ts';
import { isDumpFileName } from './dump-file-name.ts';
import { demand } from './rejection.ts';
import { setBuyAmount, setBuyTrigger, cancelSetBuy } from './rules-buy-trigger.ts';
import { buy, cancelBuy, cancelSell, commitBuy, commitSell, sell } from './rules-orders.ts';
import { cancelSetSell, setSellAmount, setSellTrigger } from './rules-sell-trigger.ts';
import type { Step } from './step.ts';

/** The effect of each command of the table of SPEC §3, checks first. */
export function ruleOf(command: Command, administrator: boolean): (step: Step) => void {
  switch (command.name) {
    case 'ADD':
      return (step) => step.moveCash(command.amount);
    case 'QUOTE':
      return (step) => void step.quote(command.symbol);
    case 'BUY':
      return (step) => buy(step, command);
    case 'COMMIT_BUY':
      return commitBuy;
    case 'CANCEL_BUY':
      return cancelBuy;
    case 'SELL':
      return (step) => sell(step, command);
    case 'COMMIT_SELL':
      return commitSell;
    case 'CANCEL_SELL':
      return cancelSell;
    case 'SET_BUY_AMOUNT':
      return (step) => setBuyAmount(step, command);
    case 'SET_BUY_TRIGGER':
      return (step) => setBuyTrigger(step, command);
    case 'CANCEL_SET_BUY':
      return (step) => cancelSetBuy(step, command.symbol);
    case 'SET_SELL_AMOUNT':
      return (step) => setSellAmount(step, command);
    case 'SET_SELL_TRIGGER':
      return (step) => setSellTrigger(step, command);
    case 'CANCEL_SET_SELL':
      return (step) => cancelSetSell(step, command.symbol);
    case 'DISPLAY_SUMMARY':
      return () => undefined;
    case 'DUMPLOG':
      return () => {
        demand(command.user !== null || administrator, 'not-administrator');
        demand(isDumpFileName(command.file), 'file-name-invalid');
      };
  }
}
