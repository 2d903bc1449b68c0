/** Sends many requests to a web system, each as an administrator with a session of its own. */
import { Agent, request } from 'node:https';
import { hashPassword } from '../../../producers/web/server/parts/passwords.ts';
import { hashSecret, newSecret } from '../../../shared/runtime/secrets.ts';
import { insertSession } from '../../../shared/pg/web-sessions.ts';
import { handOut } from '../../../shared/pg/web-users.ts';
import { newId } from '../../../shared/runtime/new-id.ts';
import { userOf } from '../../support/quote-names.ts';
import { loadRoutes, type Route } from './api-routes.ts';
import { openWebSystem, type WebSystem } from './web-system.ts';

const ADMINISTRATORS = 4;
const AT_ONCE = 8;

export type Sent = {
  readonly method: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  readonly body?: string | undefined;
};

export type RouteWalker = {
  readonly web: WebSystem;
  /** Those of the OpenAPI document. */
  readonly routes: readonly Route[];
  /** Resolves to the cookie of a new session of one of the administrators. */
  readonly newCookie: (index: number) => Promise<string>;
  /** Resolves to the status of the answer. */
  readonly statusOf: (sent: Sent) => Promise<number>;
  /** Resolves to those that were answered by an internal error. */
  readonly internalErrors: (sent: readonly Sent[]) => Promise<readonly Sent[]>;
  readonly close: () => Promise<void>;
};

export async function openRouteWalker(): Promise<RouteWalker> {
  const web = await openWebSystem();
  const agent = new Agent({ keepAlive: true, maxSockets: AT_ONCE, ca: web.authority });
  await insertAdministrators(web);
  const [cookieName = ''] = (await web.trader('named')).cookie.split('=');
  const routes = await loadRoutes(web.visitor());
  const newCookie = async (index: number): Promise<string> =>
    `${cookieName}=${await newSession(web, index)}`;
  const statusOf = (sent: Sent): Promise<number> => statusThrough(agent, web.port, sent);
  const internalErrors = async (sent: readonly Sent[]): Promise<readonly Sent[]> => {
    const failed: Sent[] = [];
    let next = 0;
    const worker = async (): Promise<void> => {
      for (let index = next++; index < sent.length; index = next++) {
        const each = sent[index];
        if (each === undefined) return;
        // A session of its own for each request: some of them end it.
        const headers = { cookie: await newCookie(index), ...each.headers };
        if ((await statusOf({ ...each, headers })) === 500) failed.push(each);
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, worker));
    return failed;
  };
  const close = async (): Promise<void> => {
    agent.destroy();
    await web.close();
  };
  return { web, routes, newCookie, statusOf, internalErrors, close };
}

const administrator = (index: number) => userOf(`walker-${index % ADMINISTRATORS}`);

async function insertAdministrators(web: WebSystem): Promise<void> {
  const passwordHash = await hashPassword(newSecret());
  for (let index = 0; index < ADMINISTRATORS; index += 1) {
    await handOut(web.consumers.pool, {
      user: administrator(index),
      passwordHash,
      role: 'administrator',
      mustChange: false,
    });
  }
}

/** Resolves to the secret of a new session. */
async function newSession(web: WebSystem, index: number): Promise<string> {
  const secret = newSecret();
  await insertSession(web.consumers.pool, {
    id: newId(),
    tokenHash: hashSecret(secret),
    user: administrator(index),
    lifetimeMs: 600_000,
    address: 'test',
    userAgent: '',
  });
  return secret;
}

/** Resolves to the status alone: a stream is closed once it has begun. */
async function statusThrough(
  agent: Agent,
  port: number,
  { method, path, headers = {}, body }: Sent,
): Promise<number> {
  return await new Promise((resolve, reject) => {
    const asking = request(
      {
        ...{ host: '127.0.0.1', servername: 'localhost', port, agent, method, path },
        headers: {
          host: `localhost:${port}`,
          origin: `https://localhost:${port}`,
          ...(body !== undefined && { 'content-type': 'application/json' }),
          ...headers,
        },
      },
      (response) => {
        const { statusCode = 0 } = response;
        if (response.headers['content-type']?.startsWith('text/event-stream') === true) {
          response.destroy();
        } else response.resume();
        response.on('error', () => undefined);
        resolve(statusCode);
      },
    );
    asking.on('error', (error) => reject(new Error(`${method} ${path}`, { cause: error })));
    asking.end(body);
  });
}
