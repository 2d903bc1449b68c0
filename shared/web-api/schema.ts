/** JSON schemas that the compiler checks against the types of the contract. */
import Type, { type Static, type TSchema } from 'typebox';

/** A schema of the values of a type. */
export type Schema<Value> = TSchema & { readonly '~value'?: Value };

type Mutual<Given, Wanted> = [Given] extends [Wanted]
  ? [Wanted] extends [Given]
    ? unknown
    : never
  : never;

/** Returns the given schema. It compiles only if the schema accepts exactly the values of the type. */
export const schemaOf =
  <Value>() =>
  <Given extends TSchema>(schema: Given & Mutual<Static<Given>, Value>): Schema<Value> =>
    schema;

/** Refuses fields that are not in the contract. */
export const CLOSED = { additionalProperties: false } as const;

/** Text without control characters and lone surrogates. PostgreSQL cannot store NUL or lone surrogates. */
export const PRINTABLE =
  '^([^\\u0000-\\u001f\\u007f\\ud800-\\udfff]|[\\ud800-\\udbff][\\udc00-\\udfff])+$';

/** An id of the database as text. Eighteen digits are below 2⁶³, the limit of a bigint. */
export const ID_PATTERN = '^[0-9]{1,18}$';

export const UUID_PATTERN = '^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$';

/** The end of the year 9999 in Unix milliseconds, far below the limit of a bigint. */
export const INSTANT_MAX = 253_402_300_799_999;

/** The schema of money in answers: whole cents. */
export const centsSchema = (description: string): Type.TInteger => Type.Integer({ description });

/** The schema of an instant: Unix milliseconds of the database's clock. */
export const instantSchema = (description: string): Type.TInteger => Type.Integer({ description });
