/** Sets the headers with which browsers protect the user of a page, on every answer. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { FastifyInstance } from 'fastify';
import helmet from 'helmet';

/** Allows only files of this server, no inline code, and no framing by other pages. */
const CONTENT_SECURITY = {
  useDefaults: false,
  directives: {
    defaultSrc: ["'none'"],
    scriptSrc: ["'self'"],
    styleSrc: ["'self'"],
    imgSrc: ["'self'", 'data:'],
    fontSrc: ["'self'"],
    connectSrc: ["'self'"],
    manifestSrc: ["'self'"],
    baseUri: ["'none'"],
    formAction: ["'self'"],
    frameAncestors: ["'none'"],
  },
};

/**
 * Has helmet set its headers once, and returns them. They are the same for every answer, and making them anew took a
 * twentieth of the time of a web process.
 */
function helmetHeaders(): Readonly<Record<string, string>> {
  const headers = new Map<string, string>();
  // Of a request and its answer, helmet uses these members only.
  const request: unknown = {};
  const answer: unknown = {
    setHeader: (name: string, value: string) => headers.set(name, value),
    removeHeader: (name: string) => headers.delete(name),
  };
  const set = helmet({
    contentSecurityPolicy: CONTENT_SECURITY,
    // It depends on the host name: see below.
    strictTransportSecurity: false,
    xFrameOptions: { action: 'deny' },
    referrerPolicy: { policy: 'no-referrer' },
  });
  set(request as IncomingMessage, answer as ServerResponse, (error) => {
    if (error !== undefined) throw error as Error;
  });
  return Object.fromEntries(headers);
}

const YEAR_S = 365 * 24 * 60 * 60;

const LOOPBACK = /^(([^.]+\.)*localhost\.?|127(\.[0-9]+){3}|\[::1\]|\[::ffff:127(\.[0-9]+){3}\])$/i;

/** Whether a host, given without a port, names the loopback interface. */
export const isLoopbackHost = (host: string): boolean => LOOPBACK.test(host);

/**
 * Adds the headers. With Strict-Transport-Security, browsers use only HTTPS for the host, on every port. Loopback
 * names do not get it, because other programs of the machine may serve plain HTTP under them.
 */
export function secureAnswers(app: FastifyInstance): void {
  const headers = helmetHeaders();
  app.addHook('onRequest', (request, reply, done) => {
    reply.headers(headers);
    const { hostname } = request;
    if (hostname !== '' && !isLoopbackHost(hostname)) {
      reply.header('strict-transport-security', `max-age=${YEAR_S}`);
    }
    done();
  });
}
