/**
 * Sets Strict-Transport-Security, with which browsers use only HTTPS for the host, on every port. Loopback
 * names are excluded, because other programs of the machine may serve plain HTTP under them.
 */
import type { FastifyInstance } from 'fastify';

const YEAR_S = 365 * 24 * 60 * 60;

const LOOPBACK = /^(([^.]+\.)*localhost\.?|127(\.[0-9]+){3}|\[::1\]|\[::ffff:127(\.[0-9]+){3}\])$/i;

/** Whether a host, given without a port, names the loopback interface. */
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
