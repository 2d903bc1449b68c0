/** A bound on closing channels and connections, for brokers that do not answer. */
import { setTimeout as sleep } from 'node:timers/promises';

/**
 * A broker with an alarm stops reading from a connection that publishes, and one that hangs reads from
 * none: neither answers a closing handshake. One that is well answers within milliseconds.
 */
const CLOSE_MAX_MS = 1_000;

/** Resolves once the handshake is over, has failed, or takes too long. */
export async function closeWithinBound(handshake: Promise<unknown>): Promise<void> {
  const bound = new AbortController();
  const { signal } = bound;
  const settled = handshake.catch(() => undefined).finally(() => bound.abort());
  await Promise.race([settled, sleep(CLOSE_MAX_MS, undefined, { signal }).catch(() => undefined)]);
}
