/** The fields of a command, parsed from its text. Source: SPEC §1.2 and §1.3. */
import { hasOnlyNameCharacters } from '../domain/dump-file.ts';
import { parseSymbol, parseUserId, type StockSymbol, type UserId } from '../domain/identity.ts';
import { AMOUNT_MAX, NO_MONEY, parseDollars, type Cents } from '../domain/money.ts';
import { NOWHERE, type CommandForm } from './command-form.ts';

/** A field is undefined if it is missing, not valid, or not part of that command. */
export type CommandFields = {
  readonly user: UserId | undefined;
  readonly symbol: StockSymbol | undefined;
  /** The amount, or the price of a trigger. Always above zero and at most `AMOUNT_MAX`. */
  readonly amount: Cents | undefined;
  /** Never empty. */
  readonly file: string | undefined;
};

/** Parses each field at its position in the form. */
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
 * Refuses an empty text, characters that the database or the audit log cannot store, and U+FFFD, which
 * replaced bytes that are not UTF-8. Whether the path is allowed is decided with the command (SPEC §3).
 */
const parseFile = (text: string): string | undefined =>
  text === '' || text.includes('\ufffd') || !hasOnlyNameCharacters(text) ? undefined : text;
