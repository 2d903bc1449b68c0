/** Validates requests by the schemas of their routes before handlers run. */
import type {
  FastifyBaseLogger,
  FastifyInstance,
  FastifySchemaCompiler,
  FastifyTypeProvider,
  RawReplyDefaultExpression,
  RawRequestDefaultExpression,
  RawServerDefault,
} from 'fastify';
import { Compile } from 'typebox/compile';
import { Convert } from 'typebox/value';
import Type, { type TSchema } from 'typebox';
import { isStorableText } from '../../../../shared/messages/storable-text.ts';
import type { Schema } from '../../../../shared/web-api/schema.ts';
import { HttpProblem } from './http-problem.ts';

/** Gives handlers the types of the schemas of their routes. */
export interface ContractProvider extends FastifyTypeProvider {
  readonly validator: this['schema'] extends Schema<infer Value> ? Value : unknown;
}

export type Api = FastifyInstance<
  RawServerDefault,
  RawRequestDefaultExpression,
  RawReplyDefaultExpression,
  FastifyBaseLogger,
  ContractProvider
>;

/** Converts numbers in query strings and paths, which are text; validates bodies and headers as they are. */
export const compileValidator: FastifySchemaCompiler<TSchema> = ({ schema, httpPart }) => {
  const validator = Compile(schema);
  return (data: unknown) => {
    const isText = httpPart === 'querystring' || httpPart === 'params';
    const value: unknown = isText ? Convert(schema, data) : data;
    const where = httpPart ?? 'request';
    if (validator.Check(value)) {
      return isStorable(value)
        ? { value }
        : { error: new HttpProblem('request-invalid', where + UNSTORABLE) };
    }
    const { place, message } = firstFault(schema, value);
    return { error: new HttpProblem('request-invalid', `${where}${place} ${message}`) };
  };
};

const UNSTORABLE = ' has a text with a NUL or half of a surrogate pair, which cannot be stored';

/** Whether PostgreSQL can store every text of a value. Its schema has bounded its depth before. */
function isStorable(value: unknown): boolean {
  if (typeof value === 'string') return isStorableText(value);
  if (typeof value !== 'object' || value === null) return true;
  return Object.values(value).every(isStorable);
}

type Fault = { readonly place: string; readonly message: string };

/** Returns the first fault; in a union, that of the form with the fewest faults. */
function firstFault(schema: TSchema, value: unknown): Fault {
  const forms: readonly TSchema[] = Type.IsUnion(schema) ? schema.anyOf : [schema];
  const faults = forms.map((form) => Compile(form).Errors(value));
  const [nearest = []] = faults.sort((one, other) => one.length - other.length);
  const [first] = nearest;
  return { place: first?.instancePath ?? '', message: first?.message ?? 'is not of the form' };
}
