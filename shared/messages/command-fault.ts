/** Says what is wrong with a command's text, in the order of SPEC §1.1, and what was expected. */
import type { CommandFields } from './command-fields.ts';
import {
  EXPECTED_ANY,
  formOf,
  NOWHERE,
  parseCommandName,
  type CommandForm,
} from './command-form.ts';
import { showText } from './show-text.ts';

/** Where a command stands. */
export type CommandPlace = {
  /** What comes before it in the expected form. */
  readonly prefix: string;
  /** What is wrong already. */
  readonly fault: string | undefined;
  /** How many fields there were, those too that could not be kept. */
  readonly fieldCount: number;
};

export type CommandReading = {
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

/** Names every fault of a command that has a name; a bad field is quoted. */
export function describeFaults(form: CommandForm, reading: CommandReading): string {
  const { place } = reading;
  const first = place.fault ?? countFault(form, reading);
  const faults = [first, ...fieldFaults(form, reading)].filter((fault) => fault !== undefined);
  return `${faults.join('; ')}; ${expectation(form.expected, place.prefix)}`;
}

/** Names the fault of a text that does not start with a command's name. */
export function describeNoName(name: string, place: CommandPlace): string {
  const faults = place.fault === undefined ? '' : `${place.fault}; `;
  return `${faults}unknown command ${showText(name)}; ${expectation(EXPECTED_ANY, place.prefix)}`;
}

/** Says what a command should look like, by its name where that is one. */
export function expectedForm(name: string, prefix: string): string {
  const known = parseCommandName(name);
  return expectation(known === undefined ? EXPECTED_ANY : formOf(known, 0).expected, prefix);
}

const expectation = (form: string, prefix: string): string =>
  `expected: ${prefix}${form.replace(' or ', ` or ${prefix}`)}`;

function countFault(form: CommandForm, { parts, place }: CommandReading): string | undefined {
  if (place.fieldCount === form.length) return undefined;
  return `field count ${place.fieldCount}, not ${form.lengthText}: ${showText(parts.join(','))}`;
}

function fieldFaults(form: CommandForm, { parts, fields }: CommandReading): readonly string[] {
  const kinds = ['user', 'symbol', 'amount', 'file'] as const;
  const at = { user: form.userAt, symbol: form.symbolAt, amount: form.amountAt, file: form.fileAt };
  return kinds.flatMap((kind) => {
    const text = at[kind] === NOWHERE ? undefined : parts[at[kind]];
    const bad = text !== undefined && fields[kind] === undefined;
    return bad ? [`${showText(text)} is not ${RULES[kind]}`] : [];
  });
}
