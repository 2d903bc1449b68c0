/** The commands of users, and the firing of a trigger whose price was met. Source: SPEC §3. */
import {
  COMMANDS,
  type CommandName,
  type FieldName,
  type FieldsOf,
  type FieldValues,
  type ScopedName,
} from './command-catalogue.ts';
import type { ArmingId, StockSymbol } from './identity.ts';
import type { Cents } from './money.ts';

/** The side of the market that an order or a trigger is on. */
export type Side = 'buy' | 'sell';

/** `user`: for the user who gives the command; `all`: for the whole system, for administrators only. */
export type Scope = 'user' | 'all';

type Flat<Type> = { readonly [Key in keyof Type]: Type[Key] };

/** A valid command of one of the names, with the fields that the catalogue declares. */
export type CommandOf<Name extends CommandName> = {
  [Each in Name]: Flat<
    { readonly type: Each } & Pick<FieldValues, FieldsOf<Each>> &
      (Each extends ScopedName ? { readonly scope: Scope } : unknown)
  >;
}[Name];

/** A valid command. */
export type Command = CommandOf<CommandName>;

/** A command of any name, to read each field that it may have. */
export type AnyCommand = {
  readonly type: CommandName;
  readonly scope?: Scope;
} & Partial<FieldValues>;

/** Builds a command from its fields. Returns undefined if one of them is undefined. */
export function buildCommand(
  type: CommandName,
  read: <Field extends FieldName>(field: Field) => FieldValues[Field],
  scope: Scope,
): Command;
export function buildCommand(
  type: CommandName,
  read: <Field extends FieldName>(field: Field) => FieldValues[Field] | undefined,
  scope: Scope,
): Command | undefined;
export function buildCommand(
  type: CommandName,
  read: (field: FieldName) => unknown,
  scope: Scope,
): Command | undefined {
  const command: Record<string, unknown> = { type };
  for (const field of COMMANDS[type].fields) {
    if (field === 'user') continue;
    if (field === 'user?') {
      command['scope'] = scope;
      continue;
    }
    const value = read(field);
    if (value === undefined) return undefined;
    command[field] = value;
  }
  // The fields are those of the catalogue, from which the type is made.
  return command as Command;
}

/**
 * A numbered line that has a command's name but is otherwise invalid. It is audited and rejected. Its
 * valid fields are kept; `reason` quotes the invalid ones.
 */
export type UnreadableCommand = {
  readonly type: 'UNREADABLE';
  readonly name: CommandName;
  readonly reason: string;
  readonly user?: string;
  readonly symbol?: StockSymbol;
  readonly amount?: Cents;
  readonly file?: string;
};

/** The fields of an unreadable command that are valid. */
type UnreadableFields = {
  readonly [Field in 'user' | 'symbol' | 'amount' | 'file']: UnreadableCommand[Field] | undefined;
};

/** Builds an unreadable command; a field that is undefined is left out. */
export function buildUnreadable(
  name: CommandName,
  reason: string,
  { user, symbol, amount, file }: UnreadableFields,
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

/** Fires an armed trigger whose price a quote met, in the order of its user's commands. */
export type FireTrigger = {
  readonly type: 'FIRE_TRIGGER';
  readonly side: Side;
  readonly symbol: StockSymbol;
  readonly armingId: ArmingId;
};
