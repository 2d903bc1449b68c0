/**
 * The catalogue of commands: all that is known about a command except its rule. The types of commands, the
 * line, the message, the web request, the help and the tables of the documents follow from it, and
 * `decide.ts` has the rules. Source: SPEC §3.
 */
import type { StockSymbol } from './identity.ts';
import type { Cents } from './money.ts';

/** The values of a command's fields. Its user travels beside it. */
export type FieldValues = {
  readonly symbol: StockSymbol;
  readonly amount: Cents;
  /** The price of a trigger, in cents per share. */
  readonly price: Cents;
  readonly file: string;
};

export type FieldName = keyof FieldValues;

export type CommandEntry = {
  /** Describes the effect in one line, to be read after the name. */
  readonly meaning: string;
  /**
   * The fields after the name, in the order of a line. `user?` may be missing: then the command is for the
   * whole system (`scope: 'all'`) and for administrators only.
   */
  readonly fields: readonly ('user' | 'user?' | FieldName)[];
  /** Whether it is rejected until the user's first `ADD` has opened the account. */
  readonly needsAccount: boolean;
  /** Whether its rule may need the price of its symbol. */
  readonly needsQuote: boolean;
  /**
   * The part of the portfolio that its rule and its answer may read or change. `account`: the balance, and
   * the pending orders with their holdings, which are always loaded; `symbol`: also the holding and the
   * triggers of its symbol; `portfolio`: everything.
   */
  readonly touches: 'account' | 'symbol' | 'portfolio';
};

/** Every command, in SPEC's order. */
export const COMMANDS = {
  ADD: {
    meaning: 'adds money to the balance; the first one opens the account',
    fields: ['user', 'amount'],
    needsAccount: false,
    needsQuote: false,
    touches: 'account',
  },
  QUOTE: {
    meaning: 'answers with the current price',
    fields: ['user', 'symbol'],
    needsAccount: false,
    needsQuote: true,
    touches: 'account',
  },
  BUY: {
    meaning: 'places a buy of as many whole shares as the amount can pay for',
    fields: ['user', 'symbol', 'amount'],
    needsAccount: true,
    needsQuote: true,
    touches: 'symbol',
  },
  COMMIT_BUY: {
    meaning: 'carries out the most recent pending buy',
    fields: ['user'],
    needsAccount: true,
    needsQuote: false,
    touches: 'account',
  },
  CANCEL_BUY: {
    meaning: 'cancels the most recent pending buy',
    fields: ['user'],
    needsAccount: true,
    needsQuote: false,
    touches: 'account',
  },
  SELL: {
    meaning: 'places a sell of as many whole shares as the amount is worth',
    fields: ['user', 'symbol', 'amount'],
    needsAccount: true,
    needsQuote: true,
    touches: 'symbol',
  },
  COMMIT_SELL: {
    meaning: 'carries out the most recent pending sell',
    fields: ['user'],
    needsAccount: true,
    needsQuote: false,
    touches: 'account',
  },
  CANCEL_SELL: {
    meaning: 'cancels the most recent pending sell',
    fields: ['user'],
    needsAccount: true,
    needsQuote: false,
    touches: 'account',
  },
  SET_BUY_AMOUNT: {
    meaning: 'reserves money for a buy trigger, in place of an earlier one',
    fields: ['user', 'symbol', 'amount'],
    needsAccount: true,
    needsQuote: false,
    touches: 'symbol',
  },
  SET_BUY_TRIGGER: {
    meaning: 'arms the buy trigger: it buys at this price or below',
    fields: ['user', 'symbol', 'price'],
    needsAccount: true,
    needsQuote: true,
    touches: 'symbol',
  },
  CANCEL_SET_BUY: {
    meaning: 'removes the buy trigger and returns its money',
    fields: ['user', 'symbol'],
    needsAccount: true,
    needsQuote: false,
    touches: 'symbol',
  },
  SET_SELL_AMOUNT: {
    meaning: 'sets the amount of a sell trigger, in place of an earlier one',
    fields: ['user', 'symbol', 'amount'],
    needsAccount: true,
    needsQuote: false,
    touches: 'symbol',
  },
  SET_SELL_TRIGGER: {
    meaning: 'arms the sell trigger: it reserves shares and sells at this price or above',
    fields: ['user', 'symbol', 'price'],
    needsAccount: true,
    needsQuote: true,
    touches: 'symbol',
  },
  CANCEL_SET_SELL: {
    meaning: 'removes the sell trigger and returns its shares',
    fields: ['user', 'symbol'],
    needsAccount: true,
    needsQuote: false,
    touches: 'symbol',
  },
  DISPLAY_SUMMARY: {
    meaning: 'answers with the account and its latest ledger entries',
    fields: ['user'],
    needsAccount: true,
    needsQuote: false,
    touches: 'portfolio',
  },
  DUMPLOG: {
    meaning: 'writes the audit log of the user to a file; without a user, the log of everyone',
    fields: ['user?', 'file'],
    needsAccount: false,
    needsQuote: false,
    touches: 'account',
  },
} as const;

export type CommandName = keyof typeof COMMANDS;

/** Returns the entry of a command. It compiles only if every entry has the form of one. */
export const entryOf = (name: CommandName): CommandEntry => COMMANDS[name];

/** The names of the commands as workload files and the audit log write them, in SPEC's order. */
export const COMMAND_NAMES: readonly CommandName[] = Object.keys(COMMANDS) as CommandName[];

/** Commands that have the same fields. */
export type CommandGroup = {
  readonly names: readonly CommandName[];
  readonly fields: CommandEntry['fields'];
};

/** Groups the commands by their fields, in the order of the first of each group. */
export function commandGroups(): readonly CommandGroup[] {
  const groups = new Map<string, { names: CommandName[]; fields: CommandEntry['fields'] }>();
  for (const name of COMMAND_NAMES) {
    const { fields } = entryOf(name);
    const group = groups.get(fields.join()) ?? { names: [], fields };
    group.names.push(name);
    groups.set(fields.join(), group);
  }
  return [...groups.values()];
}

/** Makes a table with a value for every command. */
export const byCommand = <Value>(
  valueOf: (name: CommandName) => Value,
): Readonly<Record<CommandName, Value>> =>
  Object.fromEntries(COMMAND_NAMES.map((name) => [name, valueOf(name)])) as Readonly<
    Record<CommandName, Value>
  >;

/** The names of the fields of a command, without its user. */
export type FieldsOf<Name extends CommandName> = Extract<
  (typeof COMMANDS)[Name]['fields'][number],
  FieldName
>;

/** The commands that may be for the whole system. */
export type ScopedName = {
  [Name in CommandName]: 'user?' extends (typeof COMMANDS)[Name]['fields'][number] ? Name : never;
}[CommandName];
