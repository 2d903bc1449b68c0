/** Estimates quantiles from the buckets of a histogram, as Prometheus does. Pure. */

/** A bucket counts all observations up to `upTo`; the last bucket has no bound. */
export type Bucket = { readonly upTo: number; readonly count: number };

/**
 * Returns the value below which `part` of the observations lie, interpolated within its bucket;
 * undefined without observations. Beyond the last bound, returns that bound.
 */
export function quantile(part: number, buckets: readonly Bucket[]): number | undefined {
  const sorted = buckets.toSorted((one, other) => one.upTo - other.upTo);
  const total = sorted.at(-1)?.count ?? 0;
  if (total === 0) return undefined;
  const rank = part * total;
  const index = sorted.findIndex(({ count }) => count >= rank);
  const bucket = sorted[index];
  const below = sorted[index - 1] ?? { upTo: 0, count: 0 };
  if (bucket === undefined || bucket.upTo === Infinity) return below.upTo;
  const within = (rank - below.count) / (bucket.count - below.count);
  return below.upTo + within * (bucket.upTo - below.upTo);
}
