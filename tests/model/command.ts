/** The commands of SPEC §3 as the model knows them: their fields, and their effects. */
import type { CommandName } from '../../shared/domain/command-catalogue.ts';
import type { GivenCommand } from './command-fields.ts';
import { isDumpFileName } from './dump-file-name.ts';
import { demand } from './rejection.ts';
import { cancelSetBuy, setBuyAmount, setBuyTrigger } from './rules-buy-trigger.ts';
import { buy, cancelBuy, cancelSell, commitBuy, commitSell, sell } from './rules-orders.ts';
import { cancelSetSell, setSellAmount, setSellTrigger } from './rules-sell-trigger.ts';
import type { Step } from './step.ts';

export type FieldKind = 'user' | 'symbol' | 'amount' | 'file';

/** The fields of each command in a line, written down apart from those of the product. */
const FORMS = {
  ADD: ['user', 'amount'],
  QUOTE: ['user', 'symbol'],
  BUY: ['user', 'symbol', 'amount'],
  COMMIT_BUY: ['user'],
  CANCEL_BUY: ['user'],
  SELL: ['user', 'symbol', 'amount'],
  COMMIT_SELL: ['user'],
  CANCEL_SELL: ['user'],
  SET_BUY_AMOUNT: ['user', 'symbol', 'amount'],
  SET_BUY_TRIGGER: ['user', 'symbol', 'amount'],
  CANCEL_SET_BUY: ['user', 'symbol'],
  SET_SELL_AMOUNT: ['user', 'symbol', 'amount'],
  SET_SELL_TRIGGER: ['user', 'symbol', 'amount'],
  CANCEL_SET_SELL: ['user', 'symbol'],
  DISPLAY_SUMMARY: ['user'],
  DUMPLOG: ['user', 'file'],
} as const;

/** The fields of a command with so many. `FORMS` has to have every command of the catalogue. */
export function formOf(name: CommandName, fieldCount: number): readonly FieldKind[] {
  return name === 'DUMPLOG' && fieldCount === 1 ? ['file'] : FORMS[name];
}

export function isCommandName(text: string): text is CommandName {
  return Object.hasOwn(FORMS, text);
}

interface Values {
  readonly symbol: string;
  readonly amount: bigint;
  readonly file: string;
}
type CommandOf<Name extends CommandName> = {
  readonly number: number;
  readonly name: Name;
  readonly user: Name extends 'DUMPLOG' ? string | null : string;
} & Pick<Values, Exclude<(typeof FORMS)[Name][number], 'user'>>;

export type Command = { [Name in CommandName]: CommandOf<Name> }[CommandName];

/** The command with these fields, which have to be those of its name. */
export function commandOf(given: GivenCommand & { readonly name: CommandName }): Command {
  return given as Command;
}

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
