/** Assembles the server: protection of every answer, the API, its documentation and the client. */
import cookie from '@fastify/cookie';
import Fastify, { type FastifyInstance } from 'fastify';
import { newId } from '../../../shared/runtime/new-id.ts';
import { openAskerLookup } from './access/asker.ts';
import { guard } from './access/guard.ts';
import { answerProblems, problemOf, send } from './parts/http-problem.ts';
import { openHttpServer, type HttpServer, type TlsFiles } from './http-server.ts';
import { BODY_BYTES_MAX } from './parts/limits.ts';
import { adminAccessRoutes } from './routes/admin-access.ts';
import { adminOperationsRoutes } from './routes/admin-operations.ts';
import { adminSystemRoutes } from './routes/admin-system.ts';
import { adminUserRoutes } from './routes/admin-users.ts';
import { clientRoutes } from './routes/client.ts';
import { commandRoutes } from './routes/commands.ts';
import { eventRoutes } from './routes/events.ts';
import { healthRoutes } from './routes/health.ts';
import { historyRoutes } from './routes/history.ts';
import { inboxRoutes } from './routes/inbox.ts';
import { logRoutes } from './routes/log.ts';
import { portfolioRoutes } from './routes/portfolio.ts';
import { quoteRoutes } from './routes/quotes.ts';
import { sessionRoutes } from './routes/session.ts';
import { watchlistRoutes } from './routes/watchlist.ts';
import { tokenRoutes } from './routes/tokens.ts';
import { documentApi } from './openapi.ts';
import { answerHeads } from './answer-heads.ts';
import { logRefusals } from './access/security-log.ts';
import { secureAnswers } from './secure-answers.ts';
import { compileValidator, type ContractProvider } from './parts/validation.ts';
import type { WebParts } from './parts/web-parts.ts';

const API_BASE = '/api/v1';

/** Builds the server without listening; closing it drains requests and ends event streams. */
export async function openApp(parts: WebParts, tls: TlsFiles): Promise<FastifyInstance> {
  let http: HttpServer | undefined;
  const app = Fastify({
    serverFactory: (handler) => (http = openHttpServer(tls, handler)).server,
    logger: false,
    genReqId: () => newId(),
    bodyLimit: BODY_BYTES_MAX,
    // `drain` ends connections once their answers are sent.
    forceCloseConnections: false,
    routerOptions: { maxParamLength: 128, caseSensitive: true },
    // A URL that cannot be decoded reaches neither a route nor the error handler.
    frameworkErrors: (error, request, reply) => void send(reply, problemOf(error), request.id),
  });
  // Forms of other sites can send plain text, and no route here accepts it.
  app.removeContentTypeParser('text/plain');
  app.setValidatorCompiler(compileValidator);
  app.setSerializerCompiler(() => JSON.stringify);
  answerProblems(app, parts.log);
  logAnswers(app, parts);
  await app.register(cookie);
  secureAnswers(app);
  await documentApi(app, { base: API_BASE, sessionCookie: parts.sessionCookie });
  await app.register(
    (api, _options, done) => {
      addApi(api, parts);
      done();
    },
    { prefix: API_BASE },
  );
  healthRoutes(app, parts);
  await clientRoutes(app, parts);
  app.addHook('preClose', async () => {
    await Promise.all([parts.hub.close(), http?.drain()]);
  });
  await app.ready();
  return app;
}

function addApi(api: FastifyInstance, parts: WebParts): void {
  const lookUpAsker = openAskerLookup(parts.pool, parts.log);
  const { sessionCookie, troubles } = parts;
  const databaseLostAt = (): number | undefined => {
    const lost = troubles().find(({ service, kind }) => service === 'database' && kind === 'away');
    return lost && Date.parse(lost.since);
  };
  guard(api, { lookUpAsker, sessionCookie, databaseLostAt });
  logRefusals(api, parts);
  answerHeads(api);
  // Every answer of the API is private to its user.
  api.addHook('onSend', (_request, reply, payload, done) => {
    reply.header('cache-control', 'no-store');
    done(null, payload);
  });
  addRoutes(api, parts);
}

function addRoutes(scope: FastifyInstance, parts: WebParts): void {
  const api = scope.withTypeProvider<ContractProvider>();
  sessionRoutes(api, parts);
  tokenRoutes(api, parts);
  commandRoutes(api, parts);
  portfolioRoutes(api, parts);
  quoteRoutes(api, parts);
  historyRoutes(api, parts);
  inboxRoutes(api, parts);
  watchlistRoutes(api, parts);
  logRoutes(api, parts);
  eventRoutes(api, parts);
  adminUserRoutes(api, parts);
  adminAccessRoutes(api, parts);
  adminSystemRoutes(api, parts);
  adminOperationsRoutes(api, parts);
}

/** Logs one line per answer, with the route's pattern and not its URL, which may contain search terms. */
function logAnswers(app: FastifyInstance, { log }: WebParts): void {
  app.addHook('onSend', (request, reply, payload, done) => {
    reply.header('x-request-id', request.id);
    done(null, payload);
  });
  app.addHook('onResponse', (request, reply, done) => {
    log.debug('request answered', () => ({
      requestId: request.id,
      method: request.method,
      route: request.routeOptions.url,
      status: reply.statusCode,
      ms: Math.round(reply.elapsedTime),
    }));
    done();
  });
}
