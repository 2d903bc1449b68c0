/** Limits a rate by one token bucket per key, which allows bursts up to the size of the bucket. */
import { LRUCache } from 'lru-cache';

export interface RateLimit {
  /** Takes a token and returns 0; returns the milliseconds until the next token if there is none. */
  take(key: string): number;
  /** Returns a token that need not have been taken. */
  giveBack(key: string): void;
}

/** The most keys, because clients can choose some of them freely; the least recently used is dropped. */
const KEYS_MAX = 20_000;

type Bucket = { tokens: number; at: number };

/** Opens a limit of `count` per `windowMs` for each key. Buckets start full. */
export function openRateLimit({
  count,
  windowMs,
  now,
}: {
  readonly count: number;
  readonly windowMs: number;
  readonly now: () => number;
}): RateLimit {
  const buckets = new LRUCache<string, Bucket>({ max: KEYS_MAX });
  const msPerToken = windowMs / count;
  return {
    take: (key) => {
      const at = now();
      const bucket = buckets.get(key) ?? { tokens: count, at };
      bucket.tokens = Math.min(count, bucket.tokens + (at - bucket.at) / msPerToken);
      bucket.at = at;
      buckets.set(key, bucket);
      if (bucket.tokens < 1) return (1 - bucket.tokens) * msPerToken;
      bucket.tokens -= 1;
      return 0;
    },
    giveBack: (key) => {
      const bucket = buckets.get(key);
      if (bucket !== undefined) bucket.tokens = Math.min(count, bucket.tokens + 1);
    },
  };
}
