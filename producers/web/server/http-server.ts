/** The TLS server: HTTP/2 if the client supports it, otherwise HTTP/1.1, on the same port. */
import type { RequestListener, Server, ServerResponse } from 'node:http';
import {
  constants,
  createSecureServer,
  type Http2SecureServer,
  type ServerHttp2Session,
  type ServerHttp2Stream,
} from 'node:http2';
import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import {
  DRAIN_MAX_MS,
  FLUSH_MAX_MS,
  KEEP_ALIVE_MS,
  REQUEST_MAX_MS,
  REQUESTS_AT_ONCE_MAX,
} from './parts/limits.ts';

export type TlsFiles = { readonly cert: Buffer; readonly key: Buffer };

export interface HttpServer {
  /** An HTTP/2 server under the HTTP/1.1 type that Fastify expects; it has all members that Fastify uses. */
  readonly server: Server;
  /**
   * Lets requests in progress finish and ends every connection. The caller must refuse new requests
   * before. Cuts connections after `DRAIN_MAX_MS` and `FLUSH_MAX_MS`.
   */
  drain(): Promise<void>;
}

/** Creates the server without listening. */
export function openHttpServer(tls: TlsFiles, handler: RequestListener): HttpServer {
  const server = createSecureServer({
    ...tls,
    minVersion: 'TLSv1.2',
    allowHTTP1: true,
    // Nagle's algorithm would delay small answers by 40 ms.
    noDelay: true,
    settings: { maxConcurrentStreams: REQUESTS_AT_ONCE_MAX },
  });
  // The compatibility API of HTTP/2 gives Fastify requests and responses that fit this type.
  server.on('request', handler as unknown as Parameters<typeof server.on>[1]);
  // Node uses these properties for HTTP/1.1, but this constructor has no options for them.
  Object.assign(server, {
    keepAliveTimeout: KEEP_ALIVE_MS,
    requestTimeout: REQUEST_MAX_MS,
    headersTimeout: REQUEST_MAX_MS,
    requireHostHeader: true,
  });
  server.on('stream', limitBodyTime);
  return { server: server as unknown as Server, drain: drainer(server) };
}

/** Limits the time of a request body in HTTP/2; Node does so in HTTP/1.1 only. */
function limitBodyTime(stream: ServerHttp2Stream): void {
  if (stream.readableEnded || stream.endAfterHeaders) return;
  const timer = setTimeout(() => stream.close(constants.NGHTTP2_CANCEL), REQUEST_MAX_MS);
  const clear = (): void => clearTimeout(timer);
  stream.once('end', clear).once('close', clear);
}

function drainer(server: Http2SecureServer): () => Promise<void> {
  const raw = trackOpen<Socket>(server, 'connection');
  const secure = trackOpen<TLSSocket>(server, 'secureConnection');
  const sessions = trackOpen<ServerHttp2Session>(server, 'session');
  const answers = new Set<ServerResponse>();
  server.on('session', (session: ServerHttp2Session) => {
    session.setTimeout(KEEP_ALIVE_MS, () => session.close());
  });
  server.prependListener('request', (_request: unknown, answer: unknown) => {
    const begun = answer as ServerResponse;
    answers.add(begun);
    begun.once('close', () => answers.delete(begun));
  });
  return async () => {
    server.close();
    // HTTP/2 sessions send GOAWAY; HTTP/1.1 answers get `Connection: close`.
    for (const session of sessions) session.close();
    for (const answer of answers) answer.shouldKeepAlive = false;
    await whenEmpty(answers, DRAIN_MAX_MS);
    for (const socket of secure) socket.destroySoon();
    await whenEmpty(secure, FLUSH_MAX_MS);
    // The remaining connections have not finished their handshake, or read no bytes.
    for (const socket of raw) socket.destroy();
  };
}

/** Resolves when the present items are closed, or after `mostMs`. */
async function whenEmpty(items: ReadonlySet<Closing>, mostMs: number): Promise<void> {
  const closed = [...items].map((item) => new Promise<void>((done) => item.once('close', done)));
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => (timer = setTimeout(resolve, mostMs)));
  await Promise.race([Promise.all(closed), late]);
  clearTimeout(timer);
}

/** Returns the set of open items that the server emits with `event`. */
function trackOpen<Item extends Closing>(
  server: Http2SecureServer,
  event: string,
): ReadonlySet<Item> {
  const items = new Set<Item>();
  server.on(event, (item: Item) => {
    items.add(item);
    item.once('close', () => items.delete(item));
  });
  return items;
}

type Closing = { readonly once: (event: 'close', listener: () => void) => unknown };
