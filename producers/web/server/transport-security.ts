/**
 * Strict-Transport-Security: browsers then reach the host by HTTPS alone, on every port. A loopback
 * name belongs to all programs of the machine, some of which serve plain HTTP, so it is left out.
 */
import type { FastifyInstance } from 'fastify';

const YEAR_S = 365 * 24 * 60 * 60;

const LOOPBACK = /^(([^.]+\.)*localhost\.?|127(\.[0-9]+){3}|\[::1\]|\[::ffff:127(\.[0-9]+){3}\])$/i;

/** Whether a host, without its port, is this machine for whoever asks. */
export const isLoopbackHost = (host: string): boolean => LOOPBACK.test(host);

export function requireTransportSecurity(app: FastifyInstance): void {
  app.addHook('onRequest', async (request, reply) => {
    const { hostname } = request;
    if (hostname !== '' && !isLoopbackHost(hostname)) {
      reply.header('strict-transport-security', `max-age=${YEAR_S}`);
    }
    return Promise.resolve();
  });
}
