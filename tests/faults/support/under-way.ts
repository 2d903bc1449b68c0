/** A run that is slow until it has been struck: it outlasts the fault with few commands. */
import type { Pace } from '../../../producers/workload/pace.ts';
import { asFastAsAnswered, atRate } from '../../../producers/workload/pace.ts';
import { until } from '../../support/until.ts';
import { startRun, type FaultRun, type FaultRunOptions } from './fault-run.ts';
import type { FaultSystem } from './fault-system.ts';

/** Commands per second: some are always on their way. */
const RATE = 100;
/** The fault strikes once so many are answered. */
const BEGUN = 50;

export type SlowRun = FaultRun & {
  /** From now on it sends as fast as it is answered. */
  readonly hurry: () => void;
};

/** Resolves when the run is under way. */
export async function slowRun(
  faults: FaultSystem,
  options: Omit<FaultRunOptions, 'pace'> & { readonly rate?: number },
): Promise<SlowRun> {
  const steady = atRate(options.rate ?? RATE);
  let isHurried = false;
  const pace: Pace = (count) => (isHurried ? asFastAsAnswered(count) : steady(count));
  const run = startRun(faults, { ...options, pace });
  await until(() => run.answered() >= BEGUN, { what: 'the run is under way' });
  return { ...run, hurry: () => (isHurried = true) };
}
