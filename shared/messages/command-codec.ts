/**
 * One command in a message, as JSON: `c` is its name, `s` the symbol, `a` cents, `f` the file, and `all`
 * the scope of a whole log. An unreadable command has `u`, the reason, and `n`, the user name.
 */
import {
  COMMAND_NAMES,
  type Command,
  type CommandName,
  type UnreadableCommand,
} from '../domain/command.ts';
import { parseSymbol, type StockSymbol } from '../domain/identity.ts';
import { AMOUNT_MAX, cents, type Cents } from '../domain/money.ts';
import { asInteger, asOptional, asString, unreadable, type JsonRecord } from './json.ts';

const NAMES: ReadonlySet<string> = new Set(COMMAND_NAMES);

const asCommandName = (value: unknown): CommandName => {
  if (typeof value !== 'string' || !NAMES.has(value)) throw unreadable('unknown command name');
  return value as CommandName;
};

const asAmount = (value: unknown): Cents => {
  const amount = asInteger(value, 'an amount');
  if (BigInt(amount) > AMOUNT_MAX) throw unreadable('an amount is over its limit');
  return cents(amount);
};

const asSymbol = (value: unknown): StockSymbol => {
  const symbol = parseSymbol(asString(value, 'a symbol'));
  if (symbol === undefined || symbol !== value) throw unreadable('a symbol is not 1 to 3 of A–Z');
  return symbol;
};

/** Parses a command. Throws a `ContractError` if the record is not one. */
export function parseCommand(record: JsonRecord): Command | UnreadableCommand {
  const type = asCommandName(record['c']);
  if (record['u'] !== undefined) return parseUnreadable(type, record);
  switch (type) {
    case 'ADD':
      return { type, amount: asAmount(record['a']) };
    case 'QUOTE':
    case 'CANCEL_SET_BUY':
    case 'CANCEL_SET_SELL':
      return { type, symbol: asSymbol(record['s']) };
    case 'BUY':
    case 'SELL':
    case 'SET_BUY_AMOUNT':
    case 'SET_SELL_AMOUNT':
      return { type, symbol: asSymbol(record['s']), amount: asAmount(record['a']) };
    case 'SET_BUY_TRIGGER':
    case 'SET_SELL_TRIGGER':
      return { type, symbol: asSymbol(record['s']), price: asAmount(record['a']) };
    case 'COMMIT_BUY':
    case 'CANCEL_BUY':
    case 'COMMIT_SELL':
    case 'CANCEL_SELL':
    case 'DISPLAY_SUMMARY':
      return { type };
    case 'DUMPLOG': {
      const scope = record['all'] === true ? 'all' : 'user';
      return { type, file: asString(record['f'], 'a file name'), scope };
    }
  }
}

function parseUnreadable(name: CommandName, record: JsonRecord): UnreadableCommand {
  const user = asOptional(record['n'], (value) => asString(value, 'a user name'));
  const symbol = asOptional(record['s'], asSymbol);
  const amount = asOptional(record['a'], asAmount);
  const file = asOptional(record['f'], (value) => asString(value, 'a file name'));
  return {
    type: 'UNREADABLE',
    name,
    reason: asString(record['u'], 'a reason'),
    ...(user !== undefined && { user }),
    ...(symbol !== undefined && { symbol }),
    ...(amount !== undefined && { amount }),
    ...(file !== undefined && { file }),
  };
}

/** Renders a command as `parseCommand` reads it. */
export function renderCommand(command: Command | UnreadableCommand): JsonRecord {
  switch (command.type) {
    case 'UNREADABLE':
      return {
        c: command.name,
        u: command.reason,
        n: command.user,
        s: command.symbol,
        a: command.amount === undefined ? undefined : Number(command.amount),
        f: command.file,
      };
    case 'ADD':
      return { c: command.type, a: Number(command.amount) };
    case 'QUOTE':
    case 'CANCEL_SET_BUY':
    case 'CANCEL_SET_SELL':
      return { c: command.type, s: command.symbol };
    case 'BUY':
    case 'SELL':
    case 'SET_BUY_AMOUNT':
    case 'SET_SELL_AMOUNT':
      return { c: command.type, s: command.symbol, a: Number(command.amount) };
    case 'SET_BUY_TRIGGER':
    case 'SET_SELL_TRIGGER':
      return { c: command.type, s: command.symbol, a: Number(command.price) };
    case 'COMMIT_BUY':
    case 'CANCEL_BUY':
    case 'COMMIT_SELL':
    case 'CANCEL_SELL':
    case 'DISPLAY_SUMMARY':
      return { c: command.type };
    case 'DUMPLOG':
      return { c: command.type, f: command.file, all: command.scope === 'all' ? true : undefined };
  }
}
