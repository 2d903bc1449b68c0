/** What a probe was told to be stored, against what is: whatever lacks was lost. */
import { openPool } from '../../shared/pg/pool.ts';
import { recordingLogger } from '../support/recording-logger.ts';
import { until } from '../support/until.ts';
import type { Probe } from './probe.ts';

/** A proxy in front of the database may not have looked yet where it is since a failover. */
const ANSWERS_MAX_MS = 60_000;

/** A line on each of the probe's users that has fewer cents than were acknowledged by now. */
export async function lossesOf(probe: Probe, databaseUrl: string): Promise<readonly string[]> {
  // What is acknowledged while the balances are read cannot be in them.
  const acknowledged = new Map(probe.acknowledged());
  const stored = await until(() => balances(databaseUrl, [...acknowledged.keys()]), {
    what: 'the primary answers',
    timeoutMs: ANSWERS_MAX_MS,
  });
  return [...acknowledged]
    .filter(([user, cents]) => (stored.get(user) ?? 0) < cents)
    .map(([user, cents]) => `${user} has ${stored.get(user) ?? 0} of ${cents} cents`);
}

async function balances(
  url: string,
  users: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  const pool = openPool({ url, name: 'losses', size: 1, log: recordingLogger() });
  try {
    const { rows } = await pool.query<{ user_id: string; balance: number }>(
      `SELECT user_id, balance::float8 AS balance FROM accounts WHERE user_id = ANY ($1::text[])`,
      [users],
    );
    return new Map(rows.map(({ user_id, balance }) => [user_id, balance]));
  } finally {
    await pool.end();
  }
}
