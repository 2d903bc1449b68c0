/** A command as people write it, `BUY,alice,ABC,10.00`, without a number. Source: SPEC §1 and §3. */
import type { Command, CommandName, UnreadableCommand } from '../domain/command.ts';
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
import { DUMPLOG_ALL, formOf, parseCommandName, type CommandForm } from './command-form.ts';
import { splitFields } from './split-fields.ts';

export type CommandText =
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
  const unread = unreadable({ name, reason }, fields);
  return { type: 'unreadable-command', user, command: unread, fault: firstFault(form, reading) };
}

/** Renders a command as `parseCommandText` reads it. */
export function renderCommandText(user: UserId, command: Command): string {
  switch (command.type) {
    case 'ADD':
      return `ADD,${user},${renderDollars(command.amount)}`;
    case 'QUOTE':
    case 'CANCEL_SET_BUY':
    case 'CANCEL_SET_SELL':
      return `${command.type},${user},${command.symbol}`;
    case 'BUY':
    case 'SELL':
    case 'SET_BUY_AMOUNT':
    case 'SET_SELL_AMOUNT':
      return `${command.type},${user},${command.symbol},${renderDollars(command.amount)}`;
    case 'SET_BUY_TRIGGER':
    case 'SET_SELL_TRIGGER':
      return `${command.type},${user},${command.symbol},${renderDollars(command.price)}`;
    case 'COMMIT_BUY':
    case 'CANCEL_BUY':
    case 'COMMIT_SELL':
    case 'CANCEL_SELL':
    case 'DISPLAY_SUMMARY':
      return `${command.type},${user}`;
    case 'DUMPLOG':
      return command.scope === 'all'
        ? `DUMPLOG,${command.file}`
        : `DUMPLOG,${user},${command.file}`;
  }
}

/** Makes a command from its fields; undefined if a field that it needs is missing or not valid. */
function commandOf(
  type: CommandName,
  form: CommandForm,
  { user, symbol, amount, file }: CommandFields,
): Command | undefined {
  if (user === undefined && form !== DUMPLOG_ALL) return undefined;
  switch (type) {
    case 'ADD':
      return amount && { type, amount };
    case 'QUOTE':
    case 'CANCEL_SET_BUY':
    case 'CANCEL_SET_SELL':
      return symbol && { type, symbol };
    case 'BUY':
    case 'SELL':
    case 'SET_BUY_AMOUNT':
    case 'SET_SELL_AMOUNT':
      return symbol && amount && { type, symbol, amount };
    case 'SET_BUY_TRIGGER':
    case 'SET_SELL_TRIGGER':
      return symbol && amount && { type, symbol, price: amount };
    case 'COMMIT_BUY':
    case 'CANCEL_BUY':
    case 'COMMIT_SELL':
    case 'CANCEL_SELL':
    case 'DISPLAY_SUMMARY':
      return { type };
    case 'DUMPLOG':
      if (file === undefined) return undefined;
      return { type, file, scope: form === DUMPLOG_ALL ? 'all' : 'user' };
  }
}

/** Keeps the valid fields; the reason quotes the others. */
function unreadable(
  { name, reason }: Pick<UnreadableCommand, 'name' | 'reason'>,
  { user, symbol, amount, file }: CommandFields,
): UnreadableCommand {
  return {
    type: 'UNREADABLE',
    name,
    reason,
    ...(user !== undefined && { user }),
    ...(symbol !== undefined && { symbol }),
    ...(amount !== undefined && { amount }),
    ...(file !== undefined && { file }),
  };
}
