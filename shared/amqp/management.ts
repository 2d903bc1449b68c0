/** The broker's management API, for requests that AMQP does not offer. */
import { CodedError } from '../runtime/errors.ts';

type ManagementMethod = 'GET' | 'PUT' | 'POST' | 'DELETE';

export interface Management {
  /**
   * Requests `/api/…` with a path of segments, which are encoded here; resolves to undefined for an
   * empty answer. Rejects with `broker-unavailable`, also if the broker refuses the request.
   */
  ask(method: ManagementMethod, path: readonly string[], body?: unknown): Promise<unknown>;
}

const ANSWER_MAX_MS = 10_000;

/** Opens the API at a URL that contains user and password; each request may take `answerMaxMs`. */
export function openManagement(url: string, answerMaxMs: number = ANSWER_MAX_MS): Management {
  const { origin, username, password } = new URL(url);
  const credentials = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  const headers = {
    authorization: `Basic ${Buffer.from(credentials).toString('base64')}`,
    'content-type': 'application/json',
  };
  return {
    ask: async (method, path, body) => {
      const at = `/api/${path.map(encodeURIComponent).join('/')}`;
      const request = {
        method,
        headers,
        signal: AbortSignal.timeout(answerMaxMs),
        ...(body !== undefined && { body: JSON.stringify(body) }),
      };
      try {
        const send = (): Promise<Response> => fetch(`${origin}${at}`, request);
        const response = await send().catch((error: unknown) => {
          if (method === 'POST' || !wasClosed(error)) throw error;
          return send();
        });
        const text = await response.text();
        if (response.ok) return text === '' ? undefined : (JSON.parse(text) as unknown);
        throw unavailable(`${method} ${origin}${at}: ${response.status} ${text}`);
      } catch (error) {
        if (error instanceof CodedError) throw error;
        throw unavailable(`${origin} does not answer as RabbitMQ does: ${reasonOf(error)}`, error);
      }
    },
  };
}

/**
 * Whether the broker closed the connection without an answer. It may close one that was kept open just when the next
 * request goes out on it; any request but a POST has the same effect if it is sent again.
 */
const wasClosed = (error: unknown): boolean =>
  ['UND_ERR_SOCKET', 'ECONNRESET'].includes(
    (error as { readonly cause?: { readonly code?: string } }).cause?.code ?? '',
  );

const unavailable = (text: string, cause?: unknown): CodedError =>
  new CodedError('broker-unavailable', `AMQP_MANAGEMENT_URL: ${text}`, { cause });

/** Returns the reason of an error: for `fetch failed`, Node stores it in `cause`. */
function reasonOf(error: unknown): string {
  const { cause = error } = error as { readonly cause?: unknown };
  return cause instanceof Error ? cause.message : String(cause);
}
