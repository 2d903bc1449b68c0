/** A run that is slow until the fault has struck, so that it lasts longer than the fault with few commands. */
import type { Pace } from '../../../producers/workload/pace.ts';
import { asFastAsAnswered, atRate } from '../../../producers/workload/pace.ts';
import { until } from '../../support/until.ts';
import { startRun, type FaultRun, type FaultRunOptions } from './fault-run.ts';
import type { FaultSystem } from './fault-system.ts';

/** In commands per second; at this rate some are always on their way. */
const RATE = 100;
/** The fault strikes once this many commands are answered. */
const BEGUN = 50;

export type SlowRun = FaultRun & {
  /** Makes the run send as fast as it is answered from now on. */
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
