/** Arbitrary commands of every name in the catalogue, made of arbitrary fields. */
import fc from 'fast-check';
import {
  COMMAND_NAMES,
  type FieldName,
  type FieldValues,
} from '../../shared/domain/command-catalogue.ts';
import { buildCommand, type Command, type Scope } from '../../shared/domain/command.ts';

export type AnyFields = { readonly [Field in FieldName]: fc.Arbitrary<FieldValues[Field]> };

/** Makes every name equally likely; a command that may concern the whole system gets one of the scopes. */
export const anyCommand = (
  fields: AnyFields,
  scopes: readonly Scope[] = ['user', 'all'],
): fc.Arbitrary<Command> =>
  fc
    .record({
      ...fields,
      name: fc.constantFrom(...COMMAND_NAMES),
      scope: fc.constantFrom(...scopes),
    })
    .map(({ name, scope, ...values }) => buildCommand(name, (field) => values[field], scope));
