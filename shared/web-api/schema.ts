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

/** Text without control characters and lone surrogates: PostgreSQL's text holds no NUL, UTF-8 neither. */
export const PRINTABLE =
  '^([^\\u0000-\\u001f\\u007f\\ud800-\\udfff]|[\\ud800-\\udbff][\\udc00-\\udfff])+$';

/** An id of the database as text: eighteen digits are below the 2⁶³ of a bigint. */
export const ID_PATTERN = '^[0-9]{1,18}$';

export const UUID_PATTERN = '^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$';

/** The end of the year 9999: whole milliseconds, far below the 2⁶³ of a bigint. */
export const INSTANT_MAX = 253_402_300_799_999;

/** Money as answers carry it: whole cents. */
export const centsSchema = (description: string): Type.TInteger => Type.Integer({ description });

/** Unix milliseconds of the database's clock. */
export const instantSchema = (description: string): Type.TInteger => Type.Integer({ description });
