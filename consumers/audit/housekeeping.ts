/** Maintains tables: makes audit partitions, drops expired idempotency keys, and sweeps the outbox. */
import { insertLeftOver } from '../../shared/pg/audit-insert.ts';
import { makeAuditPartitions } from '../../shared/pg/audit-partitions.ts';
import { dropExpiredKeys, EXPIRED_AT_ONCE } from '../../shared/pg/idempotency-keys.ts';
import type { Pool } from '../../shared/pg/pool.ts';
import { SYSTEM_TIMERS } from '../../shared/runtime/timers.ts';
import type { Service } from '../../shared/service/service.ts';

const EVERY_MS = 60_000;
/** A round with a backlog stops after this, well within the watchdog's bound; the next one continues. */
const ROUND_MAX_MS = 20_000;

const SWEEP_MS = 1_000;
const SWEEP_SILENT_MAX_MS = 60_000;
/** The sweep takes outbox rows older than this for unpublished or lost messages, and stores them. */
const LEFT_OVER_S = 2;
const LEFT_OVER_MAX = 32;

/**
 * Makes the partitions now, then does a round every minute. Logs a fault, and the next round tries
 * again.
 */
export async function startHousekeeping({
  pool,
  schedule,
  log,
}: Pick<Service, 'pool' | 'schedule' | 'log'>): Promise<void> {
  const makePartitions = async (): Promise<void> => {
    const partitions = await makeAuditPartitions(pool);
    if (partitions.length > 0) log.info('partitions made', { partitions });
  };
  const round = async (): Promise<void> => {
    await makePartitions();
    const keys = await dropAllExpired(pool);
    if (keys > 0) log.info('expired keys dropped', { keys });
  };
  await makePartitions().catch((error: unknown) => log.warn('housekeeping held', { error }));
  schedule({ name: 'expiry', everyMs: EVERY_MS, silentMaxMs: 2 * EVERY_MS, run: round });
}

/**
 * Drops expired keys with one statement after the other until none is left or the round ends, so that
 * it keeps up with any rate of new keys. Resolves to the number of dropped keys.
 */
export async function dropAllExpired(pool: Pool): Promise<number> {
  const until = SYSTEM_TIMERS.now() + ROUND_MAX_MS;
  let all = 0;
  for (;;) {
    const dropped = await dropExpiredKeys(pool);
    all += dropped;
    if (dropped < EXPIRED_AT_ONCE || SYSTEM_TIMERS.now() >= until) return all;
  }
}

/**
 * Sweeps every second: wakes the dumper, for dumps whose message was lost, and stores the audit messages
 * that are left over in the outbox. `onStored` gets their number.
 */
export function startSweep(
  { pool, schedule, log }: Pick<Service, 'pool' | 'schedule' | 'log'>,
  { wake, onStored }: { readonly wake: () => void; readonly onStored: (messages: number) => void },
): void {
  schedule({
    name: 'republishing',
    everyMs: SWEEP_MS,
    silentMaxMs: SWEEP_SILENT_MAX_MS,
    run: async () => {
      wake();
      const count = await insertLeftOver(pool, { olderThanS: LEFT_OVER_S, most: LEFT_OVER_MAX });
      onStored(count);
      if (count > 0) log.info('left-over audit messages stored', { count });
    },
  });
}
