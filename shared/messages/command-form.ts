/** The form of each command as text: its fields and their positions. Source: SPEC §3. */
import { COMMAND_NAMES, type CommandName } from '../domain/command.ts';

/** The name is at position 0. A field that the command does not have is at `NOWHERE`. */
export type CommandForm = {
  /** The form as error messages show it. */
  readonly expected: string;
  /** The number of fields, including the name. */
  readonly length: number;
  readonly lengthText: string;
  readonly userAt: number;
  readonly symbolAt: number;
  readonly amountAt: number;
  readonly fileAt: number;
};

export const NOWHERE = -1;

type FieldName = 'user' | 'SYMBOL' | 'amount' | 'price' | 'file';

function formOfFields(name: CommandName, ...fields: readonly FieldName[]): CommandForm {
  const at = (field: FieldName): number =>
    fields.includes(field) ? fields.indexOf(field) + 1 : NOWHERE;
  return {
    expected: [name, ...fields].join(','),
    length: fields.length + 1,
    lengthText: `${fields.length + 1}`,
    userAt: at('user'),
    symbolAt: at('SYMBOL'),
    amountAt: Math.max(at('amount'), at('price')),
    fileAt: at('file'),
  };
}

const FORMS: Readonly<Record<CommandName, CommandForm>> = {
  ADD: formOfFields('ADD', 'user', 'amount'),
  QUOTE: formOfFields('QUOTE', 'user', 'SYMBOL'),
  BUY: formOfFields('BUY', 'user', 'SYMBOL', 'amount'),
  COMMIT_BUY: formOfFields('COMMIT_BUY', 'user'),
  CANCEL_BUY: formOfFields('CANCEL_BUY', 'user'),
  SELL: formOfFields('SELL', 'user', 'SYMBOL', 'amount'),
  COMMIT_SELL: formOfFields('COMMIT_SELL', 'user'),
  CANCEL_SELL: formOfFields('CANCEL_SELL', 'user'),
  SET_BUY_AMOUNT: formOfFields('SET_BUY_AMOUNT', 'user', 'SYMBOL', 'amount'),
  SET_BUY_TRIGGER: formOfFields('SET_BUY_TRIGGER', 'user', 'SYMBOL', 'price'),
  CANCEL_SET_BUY: formOfFields('CANCEL_SET_BUY', 'user', 'SYMBOL'),
  SET_SELL_AMOUNT: formOfFields('SET_SELL_AMOUNT', 'user', 'SYMBOL', 'amount'),
  SET_SELL_TRIGGER: formOfFields('SET_SELL_TRIGGER', 'user', 'SYMBOL', 'price'),
  CANCEL_SET_SELL: formOfFields('CANCEL_SET_SELL', 'user', 'SYMBOL'),
  DISPLAY_SUMMARY: formOfFields('DISPLAY_SUMMARY', 'user'),
  DUMPLOG: {
    ...formOfFields('DUMPLOG', 'user', 'file'),
    expected: 'DUMPLOG,user,file or DUMPLOG,file',
    lengthText: '2 or 3',
  },
};

/** The form `DUMPLOG,file`, which dumps the whole log and has no user. */
export const DUMPLOG_ALL: CommandForm = formOfFields('DUMPLOG', 'file');

/** Returns the form of a command with so many fields, including the name. Only `DUMPLOG` has two forms. */
export function formOf(name: CommandName, fieldCount: number): CommandForm {
  return name === 'DUMPLOG' && fieldCount === DUMPLOG_ALL.length ? DUMPLOG_ALL : FORMS[name];
}

const NAMES: ReadonlyMap<string, CommandName> = new Map(COMMAND_NAMES.map((name) => [name, name]));
const ASCII_NAME = /^[A-Za-z_]+$/;

/** Parses a command's name in any case. Accepts ASCII letters only, because `ſ` would become an `S`. */
export function parseCommandName(text: string): CommandName | undefined {
  return NAMES.get(text) ?? (ASCII_NAME.test(text) ? NAMES.get(text.toUpperCase()) : undefined);
}

/** The expected form if the command's name is unknown. */
export const EXPECTED_ANY: string = ['COMMAND,user,... with one of', ...COMMAND_NAMES].join(' ');
