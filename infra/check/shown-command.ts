/** The commands of a log and of a workload, shown in the same form, and rebuilt from a log. */
import type { FieldName, FieldValues } from '../../shared/domain/command-catalogue.ts';
import {
  buildCommand,
  type AnyCommand,
  type Command,
  type UnreadableCommand,
} from '../../shared/domain/command.ts';
import { SYSTEM_USER } from '../../shared/domain/identity.ts';
import { renderDollars } from '../../shared/domain/money.ts';
import type { LogEvent } from './log-event.ts';

/** Shows a `userCommand` as `BUY,alice,ABC,10.00`, without the fields that it lacks. */
export const showCommand = (event: LogEvent): string => {
  const { command, user, symbol, file, funds } = event;
  const fields = [command, user, symbol, file, funds === undefined ? '' : renderDollars(funds)];
  return fields.filter((field) => field !== undefined && field !== '').join(',');
};

/** Shows a workload's command as `showCommand` shows its `userCommand`. */
export function showWorkloadCommand(user: string, command: Command | UnreadableCommand): string {
  const { name, symbol, file, funds } = fieldsIn(command);
  const owner = user === SYSTEM_USER ? '' : user;
  return [name, owner, symbol, file, funds]
    .filter((field) => field !== undefined && field !== '')
    .join(',');
}

type Fields = Readonly<Record<'name' | 'symbol' | 'file' | 'funds', string | undefined>>;

function fieldsIn(command: Command | UnreadableCommand): Fields {
  if (command.type === 'UNREADABLE') {
    const { name, symbol, file, amount } = command;
    return { name, symbol, file, funds: amount && renderDollars(amount) };
  }
  const { type: name, symbol, file, amount, price }: AnyCommand = command;
  const funds = amount ?? price;
  return { name, symbol, file, funds: funds && renderDollars(funds) };
}

/** Rebuilds the command of a `userCommand`; undefined if it lacks a field, so that it cannot be read. */
export function commandIn({ command, user, symbol, file, funds }: LogEvent): Command | undefined {
  if (command === undefined || (user === '' && command !== 'DUMPLOG')) return undefined;
  const hasAmount = funds !== undefined && funds > 0n;
  const money = hasAmount ? funds : undefined;
  const values: { readonly [Field in FieldName]: FieldValues[Field] | undefined } = {
    ...{ symbol, file, amount: money, price: money },
  };
  return buildCommand(command, (field) => values[field], user === '' ? 'all' : 'user');
}
