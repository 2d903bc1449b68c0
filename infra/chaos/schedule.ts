/** Schedules faults; the same seed gives the same schedule. Pure. */
import { seededRandom, type Random } from '../../producers/workload/random.ts';

type ScheduledFault = {
  /** Counted from the start of the workload. */
  readonly atMs: number;
  readonly fault: string;
  /** The source for the fault's own random choices. */
  readonly random: Random;
};

/**
 * The time between the starts of two faults: some then meet a system that has recovered, and others
 * one that has not.
 */
const APART_MS = { least: 500, most: 6_000 };

/** Draws from `faults` until `durationMs` is over. Throws a `RangeError` if `faults` is empty. */
export function scheduleFaults(
  seed: number,
  { durationMs, faults }: { readonly durationMs: number; readonly faults: readonly string[] },
): readonly ScheduledFault[] {
  const random = seededRandom(seed);
  const schedule: ScheduledFault[] = [];
  const next = (): number => APART_MS.least + random.below(APART_MS.most - APART_MS.least);
  for (let atMs = next(); atMs < durationMs; atMs += next()) {
    const fault = faults[random.below(faults.length)];
    if (fault === undefined) throw new RangeError('there are no faults to draw from');
    schedule.push({ atMs, fault, random: seededRandom(random.below(2 ** 31)) });
  }
  return schedule;
}
