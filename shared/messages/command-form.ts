/** The form of each command as text: its fields and their positions. */
import {
  byCommand,
  COMMAND_NAMES,
  entryOf,
  type CommandEntry,
  type CommandName,
} from '../domain/command-catalogue.ts';

/** The name is at position 0. A field that the command does not have is at `NOWHERE`. */
export type CommandForm = {
  /** The form as error messages show it. */
  readonly expected: string;
  /** The number of fields, including the name. */
  readonly length: number;
  readonly lengthText: string;
  readonly userAt: number;
  readonly symbolAt: number;
  /** The position of the amount, or of the price of a trigger. */
  readonly amountAt: number;
  readonly fileAt: number;
};

export const NOWHERE = -1;

type Fields = CommandEntry['fields'];

function formOfFields(name: CommandName, fields: Fields): CommandForm {
  const at = (...names: Fields): number => {
    const index = fields.findIndex((field) => names.includes(field));
    return index === -1 ? NOWHERE : index + 1;
  };
  return {
    expected: renderForm(name, fields),
    length: fields.length + 1,
    lengthText: `${fields.length + 1}`,
    userAt: at('user', 'user?'),
    symbolAt: at('symbol'),
    amountAt: at('amount', 'price'),
    fileAt: at('file'),
  };
}

/** Renders a form for people, `BUY,user,SYMBOL,amount`: a symbol in capitals, as it ends up. */
const renderForm = (name: CommandName, fields: Fields): string => {
  const words = fields.map((field) => (field === 'symbol' ? 'SYMBOL' : field.replace('?', '')));
  return [name, ...words].join(',');
};

/** A command with `user?` has a second form, without a user, which stands for the whole system. */
type Forms = { readonly full: CommandForm; readonly withoutUser: CommandForm | undefined };

function formsOf(name: CommandName): Forms {
  const { fields } = entryOf(name);
  const form = formOfFields(name, fields);
  if (!fields.includes('user?')) return { full: form, withoutUser: undefined };
  const withoutUser = formOfFields(
    name,
    fields.filter((field) => field !== 'user?'),
  );
  const full = {
    ...form,
    expected: `${form.expected} or ${withoutUser.expected}`,
    lengthText: `${withoutUser.lengthText} or ${form.lengthText}`,
  };
  return { full, withoutUser };
}

const FORMS = byCommand(formsOf);

/** Returns the form of a command with so many fields, including the name. */
export function formOf(name: CommandName, fieldCount: number): CommandForm {
  const { full, withoutUser } = FORMS[name];
  return withoutUser?.length === fieldCount ? withoutUser : full;
}

const NAMES: ReadonlyMap<string, CommandName> = new Map(COMMAND_NAMES.map((name) => [name, name]));
const ASCII_NAME = /^[A-Za-z_]+$/;

/** Parses a command's name in any case. Accepts ASCII letters only, because `ſ` would become an `S`. */
export function parseCommandName(text: string): CommandName | undefined {
  return NAMES.get(text) ?? (ASCII_NAME.test(text) ? NAMES.get(text.toUpperCase()) : undefined);
}

/** The expected form if the command's name is unknown. */
export const EXPECTED_ANY: string = ['COMMAND,user,... with one of', ...COMMAND_NAMES].join(' ');
