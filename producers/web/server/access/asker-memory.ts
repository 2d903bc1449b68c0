/**
 * Remembers administrators, so that one who watches the system when the database goes away can see on:
 * nobody can be looked up then.
 */
import { LRUCache } from 'lru-cache';
import { ADMINISTRATORS_REMEMBERED_MAX, LAST_LOOK_UP_MAX_MS } from '../parts/limits.ts';
import type { WebAsker } from './asker.ts';

export interface AskerMemory {
  /** Learns what a look-up of a credential has found, by the key of the credential. */
  learn(key: string, asker: WebAsker | undefined): void;
  /**
   * Returns the administrator of a credential that was valid shortly before the database was lost, at
   * `lostAt` in Unix ms, and has not expired since.
   */
  recall(key: string, lostAt: number): WebAsker | undefined;
}

export function openAskerMemory(now: () => number = Date.now): AskerMemory {
  const known = new LRUCache<string, { readonly asker: WebAsker; readonly at: number }>({
    max: ADMINISTRATORS_REMEMBERED_MAX,
  });
  return {
    learn: (key, asker) => {
      if (asker?.role === 'administrator') known.set(key, { asker, at: now() });
      else known.delete(key);
    },
    recall: (key, lostAt) => {
      const { asker, at = 0 } = known.get(key) ?? {};
      const isRecent = lostAt - at <= LAST_LOOK_UP_MAX_MS;
      const expiresAt = Math.min(asker?.expiresAt ?? Infinity, asker?.idleExpiresAt ?? Infinity);
      return isRecent && now() < expiresAt ? asker : undefined;
    },
  };
}
