/** Sends JSON requests to this page's server, which ensures that its answers conform to the contract. */
import type { Problem } from '../../../../../shared/web-api/problem.ts';
import { ApiProblem, Unreachable } from './problem.ts';

export const API = '/api/v1';
const ANSWER_MS = 15_000;

type Method = 'POST' | 'PUT' | 'PATCH' | 'DELETE';
export type Query = Readonly<Record<string, string | number | undefined>>;

export type Http = {
  readonly get: <Answer>(path: string, query?: Query) => Promise<Answer>;
  readonly send: <Answer>(method: Method, path: string, options?: SendOptions) => Promise<Answer>;
};

type SendOptions = { readonly body?: unknown; readonly key?: string };

/**
 * Creates the client. Its functions reject with `ApiProblem`, or with `Unreachable` if there is no answer.
 * Calls `onSignedOut` whenever the server answers that the user is signed out.
 */
export function createHttp(onSignedOut: () => void): Http {
  const ask = async <Answer>(path: string, init: RequestInit): Promise<Answer> => {
    const response = await reach(path, init);
    if (response.ok) return (await bodyOf(response)) as Answer;
    const problem = new ApiProblem(await problemOf(response));
    if (problem.code === 'signed-out') onSignedOut();
    throw problem;
  };
  return {
    get: (path, query = {}) => ask(`${path}${renderQuery(query)}`, { method: 'GET' }),
    send: (method, path, { body, key } = {}) =>
      ask(path, {
        method,
        headers: {
          ...(body !== undefined && { 'content-type': 'application/json' }),
          ...(key !== undefined && { 'idempotency-key': key }),
        },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      }),
  };
}

async function reach(path: string, init: RequestInit): Promise<Response> {
  const signal = AbortSignal.timeout(ANSWER_MS);
  try {
    return await fetch(`${API}${path}`, { ...init, credentials: 'same-origin', signal });
  } catch (error: unknown) {
    throw new Unreachable(error);
  }
}

async function bodyOf(response: Response): Promise<unknown> {
  try {
    const text = await response.text();
    return text === '' ? undefined : JSON.parse(text);
  } catch (error: unknown) {
    throw new Unreachable(error);
  }
}

/** Returns the problem of a response; a response without one may be a proxy's own page. */
async function problemOf(response: Response): Promise<Problem> {
  const { status } = response;
  const body = await bodyOf(response).catch(() => undefined);
  return isProblem(body)
    ? body
    : { type: '', title: `The server answered ${status}`, status, code: 'unknown' };
}

const isProblem = (body: unknown): body is Problem =>
  typeof body === 'object' && body !== null && 'code' in body && 'title' in body;

/** Trims a text; returns undefined if nothing is left, so that a query omits it. */
export const filled = (text: string): string | undefined =>
  text.trim() === '' ? undefined : text.trim();

export function renderQuery(query: Query): string {
  const given = Object.entries(query).filter(([, value]) => value !== undefined);
  if (given.length === 0) return '';
  return `?${new URLSearchParams(given.map(([name, value]) => [name, String(value)])).toString()}`;
}
