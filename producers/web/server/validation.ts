/** Requests are checked by the contract's schemas before any handler sees them. */
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
import { isStorableText } from '../../../shared/messages/storable-text.ts';
import type { Schema } from '../../../shared/web-api/schema.ts';
import { HttpProblem } from './http-problem.ts';

/** Handlers see what the schema of their route says. */
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

/** Query strings and paths are text, so their numbers are read; bodies and headers are taken as they are. */
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

/** Looks at every text of a value that its schema, which bounds its depth, has accepted. */
function isStorable(value: unknown): boolean {
  if (typeof value === 'string') return isStorableText(value);
  if (typeof value !== 'object' || value === null) return true;
  return Object.values(value).every(isStorable);
}

type Fault = { readonly place: string; readonly message: string };

/** Of several forms, that one speaks which the value comes nearest to. */
function firstFault(schema: TSchema, value: unknown): Fault {
  const forms: readonly TSchema[] = Type.IsUnion(schema) ? schema.anyOf : [schema];
  const faults = forms.map((form) => Compile(form).Errors(value));
  const [nearest = []] = faults.sort((one, other) => one.length - other.length);
  const [first] = nearest;
  return { place: first?.instancePath ?? '', message: first?.message ?? 'is not of the form' };
}
