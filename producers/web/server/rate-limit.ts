/** How often somebody may ask: a bucket a key, filled evenly, so that a burst is allowed and a flood is not. */
import { LRUCache } from 'lru-cache';

export interface RateLimit {
  /** Takes one; 0, or how many milliseconds until there is one again. */
  take(key: string): number;
  /** Gives one back that was taken for nothing. */
  giveBack(key: string): void;
}

/** Keys are the askers' own choice in part: so many are remembered, the longest unused forgotten. */
const KEYS_MAX = 20_000;

type Bucket = { tokens: number; at: number };

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
