/** Which fault comes when: the same for the same seed. Pure. */
import { seededRandom, type Random } from '../../producers/workload/random.ts';

export type ScheduledFault = {
  /** After the workload is under way. */
  readonly atMs: number;
  readonly fault: string;
  /** For what the fault draws itself. */
  readonly random: Random;
};

/** Faults begin this far apart: some meet a system that has recovered, others one that has not. */
const APART_MS = { least: 500, most: 6_000 };

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
