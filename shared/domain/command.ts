/** The commands of users, and the firing of a trigger whose price was met. Source: SPEC §3. */
import type { ArmingId, StockSymbol } from './identity.ts';
import type { Cents } from './money.ts';

/** The names of the commands as workload files and the audit log write them, in SPEC's order. */
export const COMMAND_NAMES = [
  'ADD',
  'QUOTE',
  'BUY',
  'COMMIT_BUY',
  'CANCEL_BUY',
  'SELL',
  'COMMIT_SELL',
  'CANCEL_SELL',
  'SET_BUY_AMOUNT',
  'SET_BUY_TRIGGER',
  'CANCEL_SET_BUY',
  'SET_SELL_AMOUNT',
  'SET_SELL_TRIGGER',
  'CANCEL_SET_SELL',
  'DISPLAY_SUMMARY',
  'DUMPLOG',
] as const;

export type CommandName = (typeof COMMAND_NAMES)[number];

/** The side of the market that an order or a trigger is on. */
export type Side = 'buy' | 'sell';

type AmountCommand = {
  readonly type: 'ADD';
  readonly amount: Cents;
};
type StockCommand = {
  readonly type: 'QUOTE' | 'CANCEL_SET_BUY' | 'CANCEL_SET_SELL';
  readonly symbol: StockSymbol;
};
type StockAmountCommand = {
  readonly type: 'BUY' | 'SELL' | 'SET_BUY_AMOUNT' | 'SET_SELL_AMOUNT';
  readonly symbol: StockSymbol;
  readonly amount: Cents;
};
type StockPriceCommand = {
  readonly type: 'SET_BUY_TRIGGER' | 'SET_SELL_TRIGGER';
  readonly symbol: StockSymbol;
  readonly price: Cents;
};
type PlainCommand = {
  readonly type: 'COMMIT_BUY' | 'CANCEL_BUY' | 'COMMIT_SELL' | 'CANCEL_SELL' | 'DISPLAY_SUMMARY';
};
type DumpLogCommand = {
  readonly type: 'DUMPLOG';
  readonly file: string;
  /** `user`: the log of the user who asks; `all`: the whole log, for administrators only. */
  readonly scope: 'user' | 'all';
};

/** A valid command. */
export type Command =
  | AmountCommand
  | StockCommand
  | StockAmountCommand
  | StockPriceCommand
  | PlainCommand
  | DumpLogCommand;

/**
 * A numbered line that has a command's name but is otherwise invalid. It is audited and rejected. Its
 * valid fields are kept; `reason` quotes the invalid ones.
 */
export type UnreadableCommand = {
  readonly type: 'UNREADABLE';
  readonly name: CommandName;
  readonly reason: string;
  readonly user?: string;
  readonly symbol?: StockSymbol;
  readonly amount?: Cents;
  readonly file?: string;
};

/** Fires an armed trigger whose price a quote met, in the order of its user's commands. */
export type FireTrigger = {
  readonly type: 'FIRE_TRIGGER';
  readonly side: Side;
  readonly symbol: StockSymbol;
  readonly armingId: ArmingId;
};
