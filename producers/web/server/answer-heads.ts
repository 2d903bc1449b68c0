/** Answers HEAD requests of streaming routes with headers alone, without running their handlers. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The media type that the route streams. */
    readonly streams?: string;
  }
}

export function answerHeads(app: FastifyInstance): void {
  app.addHook('preHandler', async (request: FastifyRequest, reply: FastifyReply) => {
    const { streams } = request.routeOptions.config;
    if (request.method !== 'HEAD' || streams === undefined) return;
    return await reply.type(streams).send();
  });
}
