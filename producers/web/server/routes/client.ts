/**
 * Serves the built client. Browsers cache hashed files for a year and revalidate the page, which is served
 * for every address of the client. The build has compressed the hashed files (`infra/setup/bundle.mjs`).
 * Answers of the API are not compressed: they contain secrets beside what others may choose, and the length
 * of a compressed answer would tell about them (BREACH).
 */
import fastifyStatic from '@fastify/static';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { HttpProblem, send } from '../parts/http-problem.ts';
import type { WebParts } from '../parts/web-parts.ts';

/** The folder of files whose names contain a hash of their content. */
const HASHED = '/assets/';
const IMMUTABLE = 'public, max-age=31536000, immutable';
const FRESH = 'no-cache';
const PAGE = 'index.html';

export async function clientRoutes(
  app: FastifyInstance,
  { clientFolder, log }: WebParts,
): Promise<void> {
  const isBuilt = existsSync(join(clientFolder, PAGE));
  if (isBuilt) {
    await app.register(fastifyStatic, {
      root: clientFolder,
      cacheControl: false,
      preCompressed: true,
      setHeaders: (response, path) => {
        void response.setHeader('cache-control', path.includes(HASHED) ? IMMUTABLE : FRESH);
        void response.setHeader('vary', 'accept-encoding');
      },
    });
  } else log.warn('web client not built', { clientFolder });
  app.setNotFoundHandler(async (request, reply) => {
    const wantsPage = request.headers.accept?.includes('text/html') === true;
    const isPage = request.method === 'GET' && wantsPage && !request.url.startsWith('/api/');
    if (isBuilt && isPage) return await reply.sendFile(PAGE);
    await send(reply, new HttpProblem('not-found'), request.id);
    return reply;
  });
}
