/** Looks now and then after tables that would grow or want room: partitions ahead, old keys dropped. */
import { dropOldKeys, makeAuditPartitions } from '../../shared/pg/housekeeping.ts';
import type { Pool } from '../../shared/pg/pool.ts';
import type { Logger } from '../../shared/runtime/logger.ts';

const EVERY_MS = 60 * 60 * 1_000;

/** Does it once, then hourly; gives what ends it. A fault is logged, and the next hour tries again. */
export async function keepHouse(pool: Pool, log: Logger): Promise<() => void> {
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
  const timer = setInterval(() => void look(), EVERY_MS);
  return () => clearInterval(timer);
}
