/** The OpenAPI document of the API, from which clients can be generated, and the page that shows it. */
import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import type { FastifyInstance, FastifySchema, RouteOptions } from 'fastify';
import Type from 'typebox';
import { PROBLEM_TYPE, PROBLEMS } from '../../../shared/web-api/problem.ts';
import type { WebParts } from './parts/web-parts.ts';

/** The answer of every refused request; `code` tells programs why. */
const PROBLEM = Type.Object({
  type: Type.String(),
  title: Type.String(),
  status: Type.Integer(),
  code: Type.Union(Object.keys(PROBLEMS).map((code) => Type.Literal(code))),
  detail: Type.Optional(Type.String({ description: 'what is wrong with this request' })),
  instance: Type.String({ description: 'the id of the request, which the logs name' }),
});

const REFUSED = {
  description: 'The request was refused',
  content: { [PROBLEM_TYPE]: { schema: PROBLEM } },
};

/** Documents every route that is added to the app afterwards. */
export async function documentApi(
  app: FastifyInstance,
  { base, sessionCookie }: { readonly base: string } & Pick<WebParts, 'sessionCookie'>,
): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'daytrade',
        version: '1',
        description:
          'Day trading over HTTPS. Money in answers is whole cents, in requests dollars as text. ' +
          'Refusals are problem details (RFC 9457) with a stable code.',
      },
      servers: [{ url: '/' }],
      components: {
        securitySchemes: {
          session: { type: 'apiKey', in: 'cookie', name: sessionCookie },
          token: { type: 'http', scheme: 'bearer' },
          basic: { type: 'http', scheme: 'basic' },
        },
      },
      security: [{ session: [] }, { token: [] }, { basic: [] }],
    },
    transform: ({ schema, url, route }) => ({ schema: documented(schema, route, base), url }),
  });
  await app.register(swaggerUi, {
    routePrefix: '/docs',
    staticCSP: true,
    // The page loads nothing from other hosts.
    transformStaticCSP: (header) =>
      header
        .replace(/frame-ancestors [^;]*/, "frame-ancestors 'none'")
        .replaceAll(/ https:| validator\.swagger\.io/g, ''),
  });
}

/** Adds what every route has: the name of its operation, and the answer of a refusal. */
function documented(schema: FastifySchema, route: RouteOptions, base: string): FastifySchema {
  const { hide } = schema as { readonly hide?: boolean };
  if (hide === true) return schema;
  const response = schema.response as Readonly<Record<string, unknown>> | undefined;
  return {
    ...schema,
    operationId: operationIdOf(route, base),
    response: { ...response, default: REFUSED },
  };
}

/** Names an operation by its method and path: `GET /quotes/:symbol/history` is `getQuotesSymbolHistory`. */
function operationIdOf({ method, url }: RouteOptions, base: string): string {
  const path = url.startsWith(base) ? url.slice(base.length) : url;
  const words = path.match(/[A-Za-z]+/g) ?? [];
  const name = words.map((word) => `${word.slice(0, 1).toUpperCase()}${word.slice(1)}`).join('');
  return `${String(method).toLowerCase()}${name}`;
}
