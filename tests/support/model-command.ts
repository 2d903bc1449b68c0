/** Converts a command to the model's type. */
import type { AnyCommand, Command } from '../../shared/domain/command.ts';
import { commandOf, type Command as ModelCommand } from '../model/command.ts';

export function modelCommandOf(
  command: Command,
  { number, user }: { readonly number: number; readonly user: string },
): ModelCommand {
  const { type: name, scope, price, ...fields }: AnyCommand = command;
  const amount = price === undefined ? {} : { amount: price };
  return commandOf({ number, name, user: scope === 'all' ? null : user, ...fields, ...amount });
}
