/**
 * Keeps the size of a pool within a range according to its load, and records the reason for each
 * change.
 */
import type { PoolScaling, ScaleChange, ScaleRange } from '../../shared/control/system-info.ts';
import type { PoolName } from '../../shared/runtime/config.ts';
import type { Logger } from '../../shared/runtime/logger.ts';
import type { QueueState } from '../rabbitmq/load-queues.ts';
import { openUsageMeter, type NamedProcess } from './process-usage.ts';
import { CALM, decideScale, SAMPLE_EVERY_MS, type PoolLoad } from './scale-policy.ts';

export interface AutoScaler {
  info(): PoolScaling;
  close(): void;
}

type AutoScalerOptions = {
  readonly pool: PoolName;
  readonly range: ScaleRange;
  /** Returns the pool's processes; called at each measurement. */
  readonly members: () => readonly NamedProcess[];
  readonly loadQueues: () => Promise<readonly QueueState[]>;
  readonly resize: (size: number) => Promise<void>;
  readonly log: Logger;
};

const CHANGES_KEPT = 5;

const QUEUES_OF: Readonly<Record<PoolName, RegExp>> = {
  transaction: /^commands\.shard\./,
  quote: /^quotes\.requests\./,
  trigger: /^triggers\.quotes$/,
  audit: /^audit\.events$/,
  intake: /^intake\.lines$/,
  /**
   * The web pool has no queue: browsers send their requests over HTTPS, so CPU use alone decides.
   */
  web: /^$/,
};

/**
 * Measures the pool every 5 s, decides, and resizes it, until `close`. An error is logged, and the
 * next round goes on.
 */
export function openAutoScaler(options: AutoScalerOptions): AutoScaler {
  const { pool, range, members, resize, log } = options;
  const changes: ScaleChange[] = [];
  let state = CALM;
  let isClosed = false;

  const sample = async (): Promise<void> => {
    const load = await loadOver(SAMPLE_EVERY_MS, options);
    const size = members().length;
    const decision = decideScale(state, { size, load, range });
    ({ state } = decision);
    if (decision.reason === undefined || isClosed) return;
    const { reason } = decision;
    log.info('pool scaled', { pool, from: size, to: decision.size, reason });
    changes.unshift({ at: new Date().toISOString(), from: size, to: decision.size, reason });
    changes.splice(CHANGES_KEPT);
    await resize(decision.size);
  };
  const run = async (): Promise<void> => {
    while (!isClosed) {
      await sample().catch((error: unknown) => log.warn('scaling held', { pool, error }));
    }
  };
  void run();
  return {
    info: () => ({ pool, ...range, changes }),
    close: () => {
      isClosed = true;
    },
  };
}

/** Measures a pool for `ms` milliseconds: CPU use over the whole time, queues at its end. */
async function loadOver(
  ms: number,
  { pool, members, loadQueues }: AutoScalerOptions,
): Promise<PoolLoad> {
  const meter = openUsageMeter(members);
  await new Promise((resolve) => setTimeout(resolve, ms).unref());
  const used = meter.stop();
  const cpuMs = used.reduce((sum, { cpuUserMs, cpuSystemMs }) => sum + cpuUserMs + cpuSystemMs, 0);
  const queues = (await loadQueues()).filter(({ name }) => QUEUES_OF[pool].test(name));
  return {
    waitS: waitOf(queues),
    cpuPercent: (100 * cpuMs) / ms / Math.max(members().length, 1),
  };
}

/**
 * The expected wait of a new message, in seconds, by Little's law over all given queues. Infinite
 * while messages wait and none is delivered. Pure.
 */
export function waitOf(queues: readonly QueueState[]): number {
  const waiting = queues.reduce((sum, { ready }) => sum + ready, 0);
  const taken = queues.reduce((sum, { deliveredPerSecond }) => sum + deliveredPerSecond, 0);
  return waiting === 0 ? 0 : waiting / taken;
}
