/** Descriptions of the faults in a command's text, in the order of SPEC §1.1, with the expected form. */
import type { CommandFields } from './command-fields.ts';
import {
  EXPECTED_ANY,
  formOf,
  NOWHERE,
  parseCommandName,
  type CommandForm,
} from './command-form.ts';
import { DAMAGE_TEXTS, type LineDamage } from './line-size.ts';
import { showText } from './show-text.ts';

/** The first fault of a line, in the order in which SPEC §1.1 checks for them. */
export type LineFault =
  | LineDamage
  | 'no-number'
  | 'bad-number'
  | 'number-not-greater'
  /** Another part of the workload has the same number. */
  | 'number-taken'
  | 'unknown-command'
  | 'field-count'
  | FieldFault;

type FieldFault = `bad-${Field}`;
type Field = 'user' | 'symbol' | 'amount' | 'file';

/** Facts about the line that contains a command. */
export type CommandPlace = {
  /** The text before the command in the expected form: `[N] ` in a workload file, else empty. */
  readonly prefix: string;
  /** Why the whole line is invalid; undefined if it is not. */
  readonly damage: LineDamage | undefined;
  /** The number of fields in the line, including an incomplete last one. */
  readonly fieldCount: number;
};

type CommandReading = {
  readonly parts: readonly string[];
  readonly fields: CommandFields;
  readonly place: CommandPlace;
};

const RULES = {
  user: 'a user name: 1 to 64 of A-Z a-z 0-9 _ . -',
  symbol: 'a symbol: 1 to 3 letters',
  amount: 'an amount: dollars above 0, at most 1000000000.00, with at most two decimals',
  file: 'a file name: at least one character, none that does not print',
} as const;

/** Describes every fault of a command whose name is known, and quotes the bad fields. */
export function describeFaults(form: CommandForm, reading: CommandReading): string {
  const { place } = reading;
  const first = damageText(place) ?? countFault(form, reading);
  const bad = badFields(form, reading).map(([field, text]) => {
    return `${showText(text)} is not ${RULES[field]}`;
  });
  const faults = [first, ...bad].filter((fault) => fault !== undefined);
  return `${faults.join('; ')}; ${expectation(form.expected, place.prefix)}`;
}

/** Returns the first of the faults that `describeFaults` describes. */
export function firstFault(form: CommandForm, reading: CommandReading): LineFault {
  const { damage, fieldCount } = reading.place;
  if (damage !== undefined) return damage;
  const [[field] = []] = badFields(form, reading);
  return fieldCount !== form.length || field === undefined ? 'field-count' : `bad-${field}`;
}

/** Describes the faults of a text that does not start with a command's name. */
export function describeNoName(name: string, place: CommandPlace): string {
  const damage = damageText(place);
  const faults = damage === undefined ? '' : `${damage}; `;
  return `${faults}unknown command ${showText(name)}; ${expectation(EXPECTED_ANY, place.prefix)}`;
}

/** Describes the expected form of a command: that of the named command, or of any if the name is unknown. */
export function expectedForm(name: string, prefix: string): string {
  const known = parseCommandName(name);
  return expectation(known === undefined ? EXPECTED_ANY : formOf(known, 0).expected, prefix);
}

const expectation = (form: string, prefix: string): string =>
  `expected: ${prefix}${form.replace(' or ', ` or ${prefix}`)}`;

const damageText = ({ damage }: CommandPlace): string | undefined => damage && DAMAGE_TEXTS[damage];

function countFault(form: CommandForm, { parts, place }: CommandReading): string | undefined {
  if (place.fieldCount === form.length) return undefined;
  return `field count ${place.fieldCount}, not ${form.lengthText}: ${showText(parts.join(','))}`;
}

function badFields(
  form: CommandForm,
  { parts, fields }: CommandReading,
): readonly (readonly [field: Field, text: string])[] {
  const kinds = ['user', 'symbol', 'amount', 'file'] as const;
  const at = { user: form.userAt, symbol: form.symbolAt, amount: form.amountAt, file: form.fileAt };
  return kinds.flatMap((kind) => {
    const text = at[kind] === NOWHERE ? undefined : parts[at[kind]];
    const bad = text !== undefined && fields[kind] === undefined;
    return bad ? [[kind, text] as const] : [];
  });
}
