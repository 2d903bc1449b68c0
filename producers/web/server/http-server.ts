/** The TLS server: HTTP/2 where the client speaks it, else HTTP/1.1, on the same port. */
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
} from './limits.ts';

export type TlsFiles = { readonly cert: Buffer; readonly key: Buffer };

export interface HttpServer {
  /** Fastify's type of a server names HTTP/1.1 alone; what it uses of it, both have. */
  readonly server: Server;
  /**
   * Lets requests in progress finish and ends every connection. The caller refuses new requests
   * before; whatever is still in progress after a bounded time is cut off.
   */
  drain(): Promise<void>;
}

export function openHttpServer(tls: TlsFiles, handler: RequestListener): HttpServer {
  const server = createSecureServer({
    ...tls,
    minVersion: 'TLSv1.2',
    allowHTTP1: true,
    // Nagle's algorithm would hold back small answers for 40 ms.
    noDelay: true,
    settings: { maxConcurrentStreams: REQUESTS_AT_ONCE_MAX },
  });
  // The compatible requests and answers of HTTP/2 are what Fastify takes under this type.
  server.on('request', handler as unknown as Parameters<typeof server.on>[1]);
  // Node reads these when it serves HTTP/1.1, but takes no options for them here.
  Object.assign(server, {
    keepAliveTimeout: KEEP_ALIVE_MS,
    requestTimeout: REQUEST_MAX_MS,
    headersTimeout: REQUEST_MAX_MS,
    requireHostHeader: true,
  });
  server.on('stream', limitBodyTime);
  return { server: server as unknown as Server, drain: drainer(server) };
}

/** Node limits the time of a body in HTTP/1.1 only. */
function limitBodyTime(stream: ServerHttp2Stream): void {
  if (stream.readableEnded || stream.endAfterHeaders) return;
  const timer = setTimeout(() => stream.close(constants.NGHTTP2_CANCEL), REQUEST_MAX_MS);
  const clear = (): void => clearTimeout(timer);
  stream.once('end', clear).once('close', clear);
}

function drainer(server: Http2SecureServer): () => Promise<void> {
  const raw = remember<Socket>(server, 'connection');
  const secure = remember<TLSSocket>(server, 'secureConnection');
  const sessions = remember<ServerHttp2Session>(server, 'session');
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
    // HTTP/2 tells its clients to go elsewhere; HTTP/1.1 says it with the answer.
    for (const session of sessions) session.close();
    for (const answer of answers) answer.shouldKeepAlive = false;
    await whenEmpty(answers, DRAIN_MAX_MS);
    for (const socket of secure) socket.destroySoon();
    await whenEmpty(secure, FLUSH_MAX_MS);
    // Those that are left never finished their handshake, or take no bytes.
    for (const socket of raw) socket.destroy();
  };
}

async function whenEmpty(items: ReadonlySet<Closing>, mostMs: number): Promise<void> {
  const closed = [...items].map((item) => new Promise<void>((done) => item.once('close', done)));
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => (timer = setTimeout(resolve, mostMs)));
  await Promise.race([Promise.all(closed), late]);
  clearTimeout(timer);
}

function remember<Item extends Closing>(
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
