import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { UserId } from '../../../shared/domain/identity.ts';
import { openBatchStore } from '../../../shared/pg/batch-store.ts';
import { openPool, type Pool } from '../../../shared/pg/pool.ts';
import type { BatchStore } from '../../../shared/ports/batch-store.ts';
import { deferred } from '../../../shared/runtime/deferred.ts';
import { TransientError } from '../../../shared/runtime/errors.ts';
import { recordingLogger } from '../../support/recording-logger.ts';
import { openTestDatabase, type TestDatabase } from '../../support/test-database.ts';
import { until } from '../../support/until.ts';

const needs = { users: ['ann' as UserId], pairs: [], whole: [], streams: [], keys: [] };

describe('a fault of one statement in a pipeline', () => {
  let database: TestDatabase;
  let pool: Pool;
  let watch: Pool;
  let batches: BatchStore;
  beforeAll(async () => {
    database = await openTestDatabase();
    const log = recordingLogger();
    pool = openPool({ url: database.url, name: 'pipelined', size: 2, pipeline: true, log });
    watch = openPool({ url: database.url, name: 'watch', size: 1, log });
    batches = openBatchStore(pool);
  });
  afterAll(async () => {
    await Promise.all([pool.end(), watch.end()]);
    await database.close();
  });

  it('passes when its cause passes, even if the statements after it fail otherwise', async () => {
    const [isLocked, mayEnd] = [deferred(), deferred()];
    const holder = batches.inTransaction(async (tx) => {
      await tx.load(needs);
      isLocked.resolve();
      await mayEnd.promise;
    });
    await isLocked.promise;
    const waiter = batches.inTransaction((tx) => tx.load(needs));
    // It is cancelled while it waits for the lock, and the statements behind it fail only because of that.
    const refused = expect(waiter).rejects.toBeInstanceOf(TransientError);
    await until(
      async () =>
        (
          await watch.query(
            `SELECT pg_cancel_backend(pid) FROM pg_stat_activity
              WHERE application_name = 'pipelined' AND wait_event_type = 'Lock'`,
          )
        ).rowCount === 1,
      { what: 'a batch waits for a lock' },
    );
    await refused;
    mayEnd.resolve();
    await holder;
  });

  it('does not go on without the lock of a user whose row is gone, and makes the row again', async () => {
    const load = (): Promise<unknown> => batches.inTransaction((tx) => tx.load(needs));
    await load();
    await watch.query("DELETE FROM users WHERE user_id = 'ann'");
    await expect(load()).rejects.toBeInstanceOf(TransientError);
    await load();
    const { rowCount } = await watch.query("SELECT FROM users WHERE user_id = 'ann'");
    expect(rowCount).toBe(1);
  });
});
