/** Looks now and then after tables that would grow or want room: partitions ahead, old keys dropped. */
import { dropOldKeys, makeAuditPartitions } from '../../shared/pg/housekeeping.ts';
import type { Pool } from '../../shared/pg/pool.ts';
import type { Logger } from '../../shared/runtime/logger.ts';
import { repeat } from '../../shared/runtime/repeat.ts';
import { SYSTEM_TIMERS } from '../../shared/runtime/timers.ts';
import type { ServiceProbe, Watchdog } from '../../shared/runtime/watchdog.ts';

const EVERY_MS = 60 * 60 * 1_000;

export type HouseOptions = {
  readonly watchdog: Watchdog;
  /** Of the database. */
  readonly probe: ServiceProbe;
  readonly log: Logger;
};

/** Does it once, then hourly; gives what ends it. A fault is logged, and the next hour tries again. */
export async function keepHouse(
  pool: Pool,
  { watchdog, probe, log }: HouseOptions,
): Promise<() => void> {
  const look = async (): Promise<void> => {
    try {
      const partitions = await makeAuditPartitions(pool);
      const keys = await dropOldKeys(pool);
      log.info('house kept', { partitions, keys });
    } catch (error) {
      log.warn('housekeeping held', { error });
    }
  };
  await look();
  const onRound = watchdog.task('expiry', 2 * EVERY_MS, probe);
  return repeat(look, EVERY_MS, { name: 'expiry', timers: SYSTEM_TIMERS, onRound, log });
}
