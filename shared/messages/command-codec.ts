/**
 * One command in a message, as JSON: `c` is its name, `s` the symbol, `a` cents, `f` the file, and `all`
 * the scope of a whole log. An unreadable command has `u`, the reason, and `n`, the user name.
 */
import { COMMAND_NAMES, type CommandName, type FieldValues } from '../domain/command-catalogue.ts';
import {
  buildCommand,
  buildUnreadable,
  type AnyCommand,
  type Command,
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

const asFile = (value: unknown): string => asString(value, 'a file name');

const PARSERS: {
  readonly [Field in keyof FieldValues]: (record: JsonRecord) => FieldValues[Field];
} = {
  symbol: (record) => asSymbol(record['s']),
  amount: (record) => asAmount(record['a']),
  price: (record) => asAmount(record['a']),
  file: (record) => asFile(record['f']),
};

/** Parses a command. Throws a `ContractError` if the record is not one. */
export function parseCommand(record: JsonRecord): Command | UnreadableCommand {
  const type = asCommandName(record['c']);
  if (record['u'] !== undefined) return parseUnreadable(type, record);
  const scope = record['all'] === true ? 'all' : 'user';
  return buildCommand(type, (field) => PARSERS[field](record), scope);
}

function parseUnreadable(name: CommandName, record: JsonRecord): UnreadableCommand {
  const fields = {
    user: asOptional(record['n'], (value) => asString(value, 'a user name')),
    symbol: asOptional(record['s'], asSymbol),
    amount: asOptional(record['a'], asAmount),
    file: asOptional(record['f'], asFile),
  };
  return buildUnreadable(name, asString(record['u'], 'a reason'), fields);
}

/** Renders a command as `parseCommand` reads it. */
export function renderCommand(command: Command | UnreadableCommand): JsonRecord {
  if (command.type === 'UNREADABLE') {
    const { name, reason, user, symbol, amount, file } = command;
    return { c: name, u: reason, n: user, s: symbol, a: numberOf(amount), f: file };
  }
  const { type, symbol, amount, price, file, scope }: AnyCommand = command;
  const all = scope === 'all' ? true : undefined;
  return { c: type, s: symbol, a: numberOf(amount ?? price), f: file, all };
}

const numberOf = (amount: Cents | undefined): number | undefined =>
  amount === undefined ? undefined : Number(amount);
