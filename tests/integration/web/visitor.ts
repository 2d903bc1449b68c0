/** Sends requests as a browser does: it keeps the cookie, and names the page that it is on. */
import { request, type RequestOptions } from 'node:https';
import type { IncomingHttpHeaders } from 'node:http';
import { newId } from '../../../shared/runtime/new-id.ts';
import type { CommandAnswer, CommandRequest } from '../../../shared/web-api/command.ts';

export type Answer = {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  /** Of a JSON body; undefined where it is none. */
  readonly body: Readonly<Record<string, unknown>>;
};

export type Ask = {
  readonly method?: string;
  readonly body?: unknown;
  /** As it is; `body` is not sent then. */
  readonly text?: string;
  readonly headers?: Readonly<Record<string, string | undefined>>;
};

export interface Visitor {
  /** The session's cookie, `NAME=VALUE`; empty where there is none. */
  cookie: string;
  ask(path: string, ask?: Ask): Promise<Answer>;
  /** Below the API's base path, as the page would. */
  get(path: string): Promise<Answer>;
  post(path: string, body: unknown, headers?: Ask['headers']): Promise<Answer>;
  send(method: string, path: string, body?: unknown): Promise<Answer>;
  command(command: CommandRequest, key?: string): Promise<CommandAnswer>;
}

export const API = '/api/v1';

export function openVisitor({
  port,
  authority,
}: {
  readonly port: number;
  readonly authority: Buffer;
}): Visitor {
  const origin = `https://localhost:${port}`;
  const options = { host: '127.0.0.1', servername: 'localhost', port, ca: authority } as const;
  const visitor: Visitor = {
    cookie: '',
    ask: async (path, { method = 'GET', body, text, headers } = {}) => {
      const content = text ?? (body === undefined ? undefined : JSON.stringify(body));
      const all: Record<string, string | undefined> = {
        host: `localhost:${port}`,
        origin: method === 'GET' ? undefined : origin,
        cookie: visitor.cookie === '' ? undefined : visitor.cookie,
        'content-type': content === undefined ? undefined : 'application/json',
        ...headers,
      };
      const given = Object.entries(all).filter((entry): entry is [string, string] => {
        return entry[1] !== undefined;
      });
      const answer = await exchange(
        { ...options, path, method, headers: Object.fromEntries(given) },
        content,
      );
      const [set] = answer.headers['set-cookie'] ?? [];
      if (set !== undefined)
        visitor.cookie = set.includes('Max-Age=0') ? '' : (set.split(';')[0] ?? '');
      return answer;
    },
    get: (path) => visitor.ask(`${API}${path}`),
    post: (path, body, headers) =>
      visitor.ask(`${API}${path}`, { method: 'POST', body, ...(headers && { headers }) }),
    send: (method, path, body) => visitor.ask(`${API}${path}`, { method, body }),
    command: async (command, key = newId()) => {
      const { status, text } = await visitor.post('/commands', command, { 'idempotency-key': key });
      if (status !== 200) throw new Error(`${command.command}: ${status} ${text}`);
      return JSON.parse(text) as CommandAnswer;
    },
  };
  return visitor;
}

async function exchange(options: RequestOptions, content: string | undefined): Promise<Answer> {
  return await new Promise((resolve, reject) => {
    const asking = request({ ...options, agent: false }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (piece: string) => (text += piece));
      response.on('error', reject);
      response.on('end', () => {
        const { statusCode = 0, headers } = response;
        resolve({ status: statusCode, headers, text, body: jsonIn(text) });
      });
    });
    asking.on('error', reject);
    asking.end(content);
  });
}

function jsonIn(text: string): Readonly<Record<string, unknown>> {
  try {
    return JSON.parse(text) as Readonly<Record<string, unknown>>;
  } catch {
    return {};
  }
}
