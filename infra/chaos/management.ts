/** Calls the broker's management API. */

export type Method = 'GET' | 'PUT' | 'POST' | 'DELETE';

const TIMEOUT_MS = 10_000;

/**
 * Requests `/api/…`; resolves to the answer's JSON, or undefined for an empty answer. Rejects if
 * the request is refused.
 */
export async function manage(
  managementUrl: string,
  [method, path, body]: readonly [method: Method, path: string, body?: unknown],
): Promise<unknown> {
  const { origin, username, password } = new URL(managementUrl);
  const credentials = Buffer.from(`${username}:${password}`).toString('base64');
  const response = await fetch(`${origin}/api/${path}`, {
    method,
    headers: { authorization: `Basic ${credentials}`, 'content-type': 'application/json' },
    ...(body !== undefined && { body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
  return text === '' ? undefined : (JSON.parse(text) as unknown);
}
