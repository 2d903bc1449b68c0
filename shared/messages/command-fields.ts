/** The fields of a command, each valid or absent. Source: SPEC §1.2 and §1.3. */
import { hasOnlyNameCharacters } from '../domain/dump-file.ts';
import { parseSymbol, parseUserId, type StockSymbol, type UserId } from '../domain/identity.ts';
import { AMOUNT_MAX, NO_MONEY, parseDollars, type Cents } from '../domain/money.ts';
import { NOWHERE, type CommandForm } from './command-form.ts';

/** `undefined` stands for a field that is missing, not valid, or not of that command. */
export type CommandFields = {
  readonly user: UserId | undefined;
  readonly symbol: StockSymbol | undefined;
  /** An amount or, for a trigger, a price: always above zero. */
  readonly amount: Cents | undefined;
  /** Never empty. */
  readonly file: string | undefined;
};

/** Reads each field from where the form has it. */
export function readFields(form: CommandForm, parts: readonly string[]): CommandFields {
  return {
    user: fieldAt(parts, form.userAt, parseUserId),
    symbol: fieldAt(parts, form.symbolAt, parseSymbol),
    amount: fieldAt(parts, form.amountAt, parseAmount),
    file: fieldAt(parts, form.fileAt, parseFile),
  };
}

function fieldAt<T>(
  parts: readonly string[],
  at: number,
  parse: (text: string) => T | undefined,
): T | undefined {
  const text = at === NOWHERE ? undefined : parts[at];
  return text === undefined ? undefined : parse(text);
}

function parseAmount(text: string): Cents | undefined {
  const amount = parseDollars(text);
  return amount !== undefined && amount > NO_MONEY && amount <= AMOUNT_MAX ? amount : undefined;
}

/**
 * Whether a file may be written is decided with the command (SPEC §3). Refused here is only what
 * is no name at all: nothing, characters that the database or the audit log cannot hold, and U+FFFD,
 * which stands for bytes that are not UTF-8.
 */
const parseFile = (text: string): string | undefined =>
  text === '' || text.includes('\ufffd') || !hasOnlyNameCharacters(text) ? undefined : text;
