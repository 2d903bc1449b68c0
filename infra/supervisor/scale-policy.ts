/** Decides the size of a pool from the wait of its messages and its CPU use. Pure. */

import type { ScaleRange } from '../../shared/control/system-info.ts';

/** The load since the last sample. */
export type PoolLoad = {
  /**
   * The expected wait of a new message, in seconds: waiting messages divided by deliveries per
   * second.
   */
  readonly waitS: number;
  /** Average CPU use of one process; 100 is one core. */
  readonly cpuPercent: number;
};

/**
 * The samples in a row that asked for more processes, or for fewer. A sample that asks for neither
 * resets both counts, so that a peak or a pause changes nothing. The bounds lie far enough apart
 * that a change does not cause its own reversal.
 */
type ScaleState = { readonly more: number; readonly fewer: number };

export const CALM: ScaleState = { more: 0, fewer: 0 };

export const SAMPLE_EVERY_MS = 5_000;
const SAMPLES_FOR_MORE = 3;
const SAMPLES_FOR_FEWER = 12;
const WAIT_LONG_S = 1;
const WAIT_SHORT_S = 0.1;
const BUSY_PERCENT = 80;
/** A pool shrinks only if the CPU use of the remaining processes would stay below this. */
const LEFT_BUSY_PERCENT = 50;

type ScaleDecision = {
  readonly state: ScaleState;
  readonly size: number;
  /** The reason for a change of size; undefined if the size stays. */
  readonly reason: string | undefined;
};

/** Changes the size by one process at a time; a size outside the range is moved into it at once. */
export function decideScale(
  state: ScaleState,
  {
    size,
    load,
    range,
  }: { readonly size: number; readonly load: PoolLoad; readonly range: ScaleRange },
): ScaleDecision {
  const bounded = Math.min(Math.max(size, range.least), range.most);
  if (bounded !== size) {
    return { state: CALM, size: bounded, reason: `the range is ${range.least} to ${range.most}` };
  }
  const next = count(state, size, load);
  if (next.more >= SAMPLES_FOR_MORE && size < range.most) {
    return {
      state: CALM,
      size: size + 1,
      reason: `${describe(load)} for ${seconds(SAMPLES_FOR_MORE)}`,
    };
  }
  if (next.fewer >= SAMPLES_FOR_FEWER && size > range.least) {
    return {
      state: CALM,
      size: size - 1,
      reason: `${describe(load)} for ${seconds(SAMPLES_FOR_FEWER)}`,
    };
  }
  return { state: next, size, reason: undefined };
}

function count(state: ScaleState, size: number, { waitS, cpuPercent }: PoolLoad): ScaleState {
  if (waitS > WAIT_LONG_S || cpuPercent > BUSY_PERCENT) return { more: state.more + 1, fewer: 0 };
  const left = (cpuPercent * size) / Math.max(size - 1, 1);
  const isIdle = waitS < WAIT_SHORT_S && left < LEFT_BUSY_PERCENT;
  return { more: 0, fewer: isIdle ? state.fewer + 1 : 0 };
}

const seconds = (samples: number): string => `${(samples * SAMPLE_EVERY_MS) / 1_000} s`;

const describe = ({ waitS, cpuPercent }: PoolLoad): string =>
  `a wait of ${Number.isFinite(waitS) ? waitS.toFixed(1) : 'unknown'} s and ${cpuPercent.toFixed(0)} % CPU a process`;
