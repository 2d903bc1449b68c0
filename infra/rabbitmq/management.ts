/** The broker's management API: what AMQP itself cannot ask or say. */
import { CodedError } from '../../shared/runtime/errors.ts';

export type ManagementMethod = 'GET' | 'PUT' | 'POST' | 'DELETE';

export interface Management {
  /** Asks for `/api/…` with a path of encoded segments; undefined where the answer is empty. */
  ask(method: ManagementMethod, path: readonly string[], body?: unknown): Promise<unknown>;
}

const ANSWER_MAX_MS = 10_000;

/** The URL holds user and password; a request that is refused rejects with what the broker said. */
export function openManagement(url: string): Management {
  const { origin, username, password } = new URL(url);
  const credentials = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  const headers = {
    authorization: `Basic ${Buffer.from(credentials).toString('base64')}`,
    'content-type': 'application/json',
  };
  return {
    ask: async (method, path, body) => {
      const at = `/api/${path.map(encodeURIComponent).join('/')}`;
      const response = await fetch(`${origin}${at}`, {
        method,
        headers,
        signal: AbortSignal.timeout(ANSWER_MAX_MS),
        ...(body !== undefined && { body: JSON.stringify(body) }),
      });
      const text = await response.text();
      if (response.ok) return text === '' ? undefined : (JSON.parse(text) as unknown);
      const said = `${response.status} ${text}`;
      throw new CodedError('broker-unavailable', `${method} ${origin}${at}: ${said}`);
    },
  };
}
