/** A command as people write it, `BUY,alice,ABC,10.00`, without a number. Source: SPEC §1 and §3. */
import {
  COMMANDS,
  type CommandEntry,
  type CommandName,
  type FieldName,
  type FieldValues,
} from '../domain/command-catalogue.ts';
import {
  buildCommand,
  buildUnreadable,
  type AnyCommand,
  type Command,
  type UnreadableCommand,
} from '../domain/command.ts';
import { SYSTEM_USER, type UserId } from '../domain/identity.ts';
import { renderDollars } from '../domain/money.ts';
import {
  describeFaults,
  describeNoName,
  firstFault,
  type CommandPlace,
  type LineFault,
} from './command-fault.ts';
import { readFields, type CommandFields } from './command-fields.ts';
import { formOf, NOWHERE, parseCommandName, type CommandForm } from './command-form.ts';
import { splitFields } from './split-fields.ts';

type CommandText =
  | { readonly type: 'command'; readonly user: UserId; readonly command: Command }
  | {
      readonly type: 'unreadable-command';
      readonly user: UserId;
      readonly command: UnreadableCommand;
      readonly fault: LineFault;
    }
  | { readonly type: 'unreadable'; readonly reason: string; readonly fault: LineFault };

/** Parses a command without a number, as people send it by hand. */
export function parseCommandText(text: string): CommandText {
  const parts = splitFields(text);
  return readCommand(parts, { prefix: '', damage: undefined, fieldCount: parts.length });
}

/** Parses a command from its fields. With `place.damage` it is unreadable, even if all fields are valid. */
export function readCommand(parts: readonly string[], place: CommandPlace): CommandText {
  const [nameText = ''] = parts;
  const name = parseCommandName(nameText);
  if (name === undefined) {
    const fault = place.damage ?? 'unknown-command';
    return { type: 'unreadable', reason: describeNoName(nameText, place), fault };
  }
  const form = formOf(name, place.fieldCount);
  const fields = readFields(form, parts);
  const readable = place.damage === undefined && place.fieldCount === form.length;
  const command = readable ? commandOf(name, form, fields) : undefined;
  const user = fields.user ?? SYSTEM_USER;
  if (command !== undefined) return { type: 'command', user, command };
  const reading = { parts, fields, place };
  const reason = describeFaults(form, reading);
  const unread = buildUnreadable(name, reason, fields);
  return { type: 'unreadable-command', user, command: unread, fault: firstFault(form, reading) };
}

/** Renders a command as `parseCommandText` reads it. */
export function renderCommandText(user: UserId, command: Command): string {
  const { type, symbol, amount, price, file, scope }: AnyCommand = command;
  const texts: Readonly<Record<CommandEntry['fields'][number], string | undefined>> = {
    user,
    'user?': scope === 'all' ? undefined : user,
    symbol,
    amount: amount && renderDollars(amount),
    price: price && renderDollars(price),
    file,
  };
  const fields = COMMANDS[type].fields.map((field) => texts[field]);
  return [type, ...fields.filter((text) => text !== undefined)].join(',');
}

/** Makes a command from its fields; undefined if a field that it needs is missing or not valid. */
function commandOf(
  type: CommandName,
  form: CommandForm,
  { user, symbol, amount, file }: CommandFields,
): Command | undefined {
  const isForAll = form.userAt === NOWHERE;
  if (user === undefined && !isForAll) return undefined;
  const values: { readonly [Field in FieldName]: FieldValues[Field] | undefined } = {
    symbol,
    amount,
    price: amount,
    file,
  };
  return buildCommand(type, (field) => values[field], isForAll ? 'all' : 'user');
}
