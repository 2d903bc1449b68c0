/** A JSON schema that is held equal to a type of the contract by the compiler. */
import Type, { type Static, type TSchema } from 'typebox';

/** A schema whose values are of the type. */
export type Schema<Value> = TSchema & { readonly '~value'?: Value };

type Mutual<Given, Wanted> = [Given] extends [Wanted]
  ? [Wanted] extends [Given]
    ? unknown
    : never
  : never;

/** Takes a schema only where what it accepts is exactly the type. */
export const schemaOf =
  <Value>() =>
  <Given extends TSchema>(schema: Given & Mutual<Static<Given>, Value>): Schema<Value> =>
    schema;

/** No other fields than those named: what is not in the contract is refused. */
export const CLOSED = { additionalProperties: false } as const;

/** Any text without control characters: PostgreSQL's text holds no NUL. */
export const PRINTABLE = '^[^\\u0000-\\u001f\\u007f]+$';

/** Money as answers carry it: whole cents. */
export const centsSchema = (description: string): Type.TInteger => Type.Integer({ description });

/** Unix milliseconds of the database's clock. */
export const instantSchema = (description: string): Type.TInteger => Type.Integer({ description });
