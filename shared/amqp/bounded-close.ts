/** Closing channels and connections within a bounded time, even if the broker does not answer. */
import { setTimeout as sleep } from 'node:timers/promises';

/**
 * The longest wait for the closing handshake. A broker with an alarm stops reading from connections that
 * publish, and a broker that hangs reads from none, so neither answers. A healthy one answers within
 * milliseconds.
 */
const CLOSE_MAX_MS = 1_000;

/** Resolves once the handshake has succeeded or failed, and after `CLOSE_MAX_MS` at the latest. */
export async function closeWithinBound(handshake: Promise<unknown>): Promise<void> {
  const bound = new AbortController();
  const { signal } = bound;
  const settled = handshake.catch(() => undefined).finally(() => bound.abort());
  await Promise.race([settled, sleep(CLOSE_MAX_MS, undefined, { signal }).catch(() => undefined)]);
}
