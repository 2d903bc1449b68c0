/** A browser that speaks HTTP/2: it uses one connection for all requests, and keeps the cookie. */
import { connect, type ClientHttp2Session, type IncomingHttpHeaders } from 'node:http2';
import { API } from './visitor.ts';
import type { WebSystem } from './web-system.ts';

export type Http2Answer = {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
};

export type Http2Visitor = {
  readonly session: ClientHttp2Session;
  readonly ask: (path: string, ask?: Http2Ask) => Promise<Http2Answer>;
  readonly close: () => void;
};

type Http2Ask = {
  readonly method?: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** Resolves once the stream's headers are there: for streams without an end. */
  readonly onText?: (text: string) => void;
};

export async function openHttp2Visitor({
  port,
  authority,
}: Pick<WebSystem, 'port' | 'authority'>): Promise<Http2Visitor> {
  const origin = `https://localhost:${port}`;
  const session = connect(origin, { ca: authority });
  // The server may end it; the requests on it say what that did to them.
  session.on('error', () => undefined);
  await new Promise<void>((resolve, reject) => {
    session.once('connect', () => resolve());
    session.once('error', reject);
  });
  let cookie = '';
  return {
    session,
    ask: async (path, { method = 'GET', body, headers = {}, onText } = {}) =>
      await new Promise((resolve, reject) => {
        const stream = session.request({
          ':path': `${API}${path}`,
          ':method': method,
          ...(method !== 'GET' && { origin }),
          ...(cookie !== '' && { cookie }),
          ...(body !== undefined && { 'content-type': 'application/json' }),
          ...headers,
        });
        let text = '';
        let answered: IncomingHttpHeaders = {};
        const answer = (): Http2Answer => ({
          status: Number(answered[':status']),
          headers: answered,
          text,
        });
        stream.setEncoding('utf8');
        stream.once('response', (given) => {
          answered = given;
          const [set] = given['set-cookie'] ?? [];
          if (set !== undefined) cookie = set.split(';')[0] ?? '';
          if (onText !== undefined) resolve(answer());
        });
        stream.on('data', (piece: string) => {
          text += piece;
          onText?.(text);
        });
        stream.once('end', () => resolve(answer()));
        stream.once('error', reject);
        stream.end(body === undefined ? undefined : JSON.stringify(body));
      }),
    close: () => session.destroy(),
  };
}
