import { commandOf, formOf, isCommandName } from './command.ts';
import type { Command, FieldKind } from './command.ts';
import { fieldsOf } from './command-fields.ts';
import type { CommandFields } from './command-fields.ts';
import { centsOf } from './dollars.ts';

/** What is wrong with a line, in the order in which SPEC 1.1 checks. */
export type LineFault =
  | 'too-long'
  | 'not-utf8'
  | 'number'
  | 'command'
  | 'field-count'
  | 'user'
  | 'symbol'
  | 'amount'
  | 'file';

/** A numbered line with a command's name that cannot be read: audited all the same. */
export interface UnreadableCommand {
  readonly number: number;
  /** The fields that are there and valid. */
  readonly fields: CommandFields;
  /** The faulty fields as they stand in the line: its error message quotes them. */
  readonly quoted: readonly string[];
}

export type LineContent =
  | { readonly kind: 'command'; readonly command: Command }
  | {
      readonly kind: 'unreadable';
      readonly fault: LineFault;
      readonly audited: UnreadableCommand | null;
    };

const FIELD_ORDER: readonly FieldKind[] = ['user', 'symbol', 'amount', 'file'];

interface Fields {
  user?: string;
  symbol?: string;
  amount?: bigint;
  file?: string;
}

const NUMBERED = /^[ \t]*\[[ \t]*([0-9]+)[ \t]*\](.*)$/s;

/** The bracketed number and the fields after it; null where the number is not a good one. */
export function splitNumber(
  line: string,
  lastNumber: number,
): { readonly number: number; readonly parts: readonly string[] } | null {
  const match = NUMBERED.exec(line);
  if (match === null) return null;
  const number = Number(match[1]);
  if (!Number.isSafeInteger(number) || number <= lastNumber) return null;
  return { number, parts: (match[2] ?? '').split(',').map(trim) };
}

/** Reads what follows a good number. `damage` is a fault of the line as a whole. */
export function readCommand(
  number: number,
  parts: readonly string[],
  damage: 'too-long' | 'not-utf8' | null,
): LineContent {
  const [word = ''] = parts;
  // Of a line that goes on beyond what may be read, the last field may be a piece of what it was.
  const texts = parts.slice(1, damage === 'too-long' ? -1 : undefined);
  const name = damage === 'too-long' && parts.length === 1 ? null : commandNamed(word);
  if (name === null) return { kind: 'unreadable', fault: damage ?? 'command', audited: null };
  const form = formOf(name, parts.length - 1);
  const found: Fields = {};
  const faults: FieldKind[] = [];
  const quoted: string[] = [];
  form.forEach((kind, index) => {
    const text = texts[index];
    if (text !== undefined && accept(found, kind, text)) return;
    faults.push(kind);
    if (text !== undefined) quoted.push(text);
  });
  const fault =
    damage ?? (texts.length === form.length ? orderedFirst(faults) : ('field-count' as const));
  const given = { number, name, ...found, user: found.user ?? null };
  if (fault === null) return { kind: 'command', command: commandOf(given) };
  return { kind: 'unreadable', fault, audited: { number, fields: fieldsOf(given), quoted } };
}

function trim(text: string): string {
  return text.replace(/^[ \t]+|[ \t]+$/g, '');
}

function commandNamed(word: string): Command['name'] | null {
  // Not toUpperCase alone: it makes letters of a-z out of some that are not.
  if (!/^[A-Za-z_]+$/.test(word)) return null;
  const upper = word.toUpperCase();
  return isCommandName(upper) ? upper : null;
}

function accept(found: Fields, kind: FieldKind, text: string): boolean {
  switch (kind) {
    case 'user':
      if (!/^[A-Za-z0-9_.-]{1,64}$/.test(text)) return false;
      found.user = text;
      return true;
    case 'symbol':
      if (!/^[A-Za-z]{1,3}$/.test(text)) return false;
      found.symbol = text.toUpperCase();
      return true;
    case 'amount': {
      const cents = centsOf(text);
      if (cents === null) return false;
      found.amount = cents;
      return true;
    }
    case 'file':
      // An empty name is a missing one, and a replacement character stands for bytes that were not
      // UTF-8. Where a name leads is not asked of the line, but by the table of SPEC §3.
      if (text === '' || /\p{Cc}|\uFFFD/u.test(text)) return false;
      found.file = text;
      return true;
  }
}

function orderedFirst(faults: readonly FieldKind[]): FieldKind | null {
  return FIELD_ORDER.find((kind) => faults.includes(kind)) ?? null;
}
