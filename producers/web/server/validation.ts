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
import type { TSchema } from 'typebox';
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

/** Query strings are text, so their numbers are read; bodies are taken as they are. */
export const compileValidator: FastifySchemaCompiler<TSchema> = ({ schema, httpPart }) => {
  const validator = Compile(schema);
  return (data: unknown) => {
    const value: unknown = httpPart === 'body' ? data : Convert(schema, data);
    if (validator.Check(value)) return { value };
    const [first] = validator.Errors(value);
    const place = `${httpPart ?? 'request'}${first?.instancePath ?? ''}`;
    return { error: new HttpProblem('request-invalid', `${place} ${first?.message ?? ''}`.trim()) };
  };
};
