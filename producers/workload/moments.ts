/** Collects what was answered in each moment of a run, in bounded memory: long runs have longer moments. */
import { build, type Histogram } from 'hdr-histogram-js';

export type Moment = {
  /** Seconds from the start of the run to the start of this moment. */
  readonly atS: number;
  readonly answered: number;
  readonly rejected: number;
  /** Undefined if no message was answered. */
  readonly p50Ms: number | undefined;
  readonly p99Ms: number | undefined;
};

export type Moments = { readonly lengthS: number; readonly all: readonly Moment[] };

export interface MomentRecorder {
  /** Records an answered message at a time since the start of the run. */
  record(message: {
    readonly atMs: number;
    readonly answered: number;
    readonly rejected: number;
    readonly latencyMs: number;
  }): void;
  moments(): Moments;
}

/** The first length of a moment. It doubles when there would be more than `MOMENTS_MAX`. */
const SHORTEST_MS = 20;
const MOMENTS_MAX = 120;
const HOUR_US = 3_600_000_000;

type Bucket = { answered: number; rejected: number; readonly us: Histogram };

/** A histogram of 13 kB with an error of at most 1 %. */
const newBucket = (): Bucket => ({
  answered: 0,
  rejected: 0,
  us: build({ highestTrackableValue: HOUR_US, numberOfSignificantValueDigits: 2 }),
});

export function openMomentRecorder(): MomentRecorder {
  let lengthMs = SHORTEST_MS;
  let buckets: Bucket[] = [];
  const bucketAt = (atMs: number): Bucket => {
    while (atMs >= lengthMs * MOMENTS_MAX) {
      buckets = inPairs(buckets);
      lengthMs *= 2;
    }
    const index = Math.max(0, Math.floor(atMs / lengthMs));
    while (buckets.length <= index) buckets.push(newBucket());
    return buckets[index] ?? newBucket();
  };
  return {
    record: ({ atMs, answered, rejected, latencyMs }) => {
      const bucket = bucketAt(atMs);
      bucket.answered += answered;
      bucket.rejected += rejected;
      bucket.us.recordValue(Math.min(HOUR_US, Math.max(1, Math.round(latencyMs * 1_000))));
    },
    moments: () => ({
      lengthS: lengthMs / 1_000,
      all: buckets.map((bucket, index) => momentOf(bucket, (index * lengthMs) / 1_000)),
    }),
  };
}

function inPairs(buckets: readonly Bucket[]): Bucket[] {
  const pairs: Bucket[] = [];
  for (let index = 0; index < buckets.length; index += 2) {
    const [first = newBucket(), second = newBucket()] = buckets.slice(index, index + 2);
    first.answered += second.answered;
    first.rejected += second.rejected;
    first.us.add(second.us);
    pairs.push(first);
  }
  return pairs;
}

function momentOf({ answered, rejected, us }: Bucket, atS: number): Moment {
  const ms = (percentile: number): number | undefined =>
    us.totalCount === 0 ? undefined : us.getValueAtPercentile(percentile) / 1_000;
  return { atS, answered, rejected, p50Ms: ms(50), p99Ms: ms(99) };
}
