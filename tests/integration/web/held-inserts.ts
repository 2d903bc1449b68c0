/** Stops inserts into a table of a test's database, so that a race has the outcome that is tested. */
import type { Pool } from '../../../shared/pg/pool.ts';
import { until } from '../../support/until.ts';

/** Any number will do, as long as the function has the same. */
const LOCK = 17_011;
const HOLD_INSERT = `
  CREATE OR REPLACE FUNCTION hold_insert() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN PERFORM pg_advisory_xact_lock_shared(17011); RETURN NEW; END $$`;

export type HeldInserts = {
  /** Resolves when so many statements of web processes wait for a lock. */
  readonly whenWaiting: (count: number) => Promise<void>;
  readonly release: () => Promise<void>;
};

export async function holdInserts(pool: Pool, table: string): Promise<HeldInserts> {
  const client = await pool.connect();
  await client.query('SELECT pg_advisory_lock($1)', [LOCK]);
  await client.query(HOLD_INSERT);
  const onTable = async (form: string): Promise<void> => {
    const { rows } = await client.query<{ text: string }>('SELECT format($1, $2::text) AS text', [
      form,
      table,
    ]);
    await client.query(rows[0]?.text ?? '');
  };
  await onTable(
    'CREATE OR REPLACE TRIGGER hold BEFORE INSERT ON %I FOR EACH ROW EXECUTE FUNCTION hold_insert()',
  );
  let isReleased = false;
  return {
    whenWaiting: async (count) => {
      await until(
        async () => {
          const { rows } = await client.query(
            `SELECT FROM pg_stat_activity WHERE datname = current_database()
                AND wait_event_type = 'Lock' AND application_name LIKE 'web%'`,
          );
          return rows.length >= count;
        },
        { what: `${count} statements of web processes wait` },
      );
    },
    release: async () => {
      if (isReleased) return;
      isReleased = true;
      await client.query('SELECT pg_advisory_unlock($1)', [LOCK]);
      await onTable('DROP TRIGGER hold ON %I');
      client.release();
    },
  };
}
