/** Audit messages that are committed but not yet in the audit log. */
import type { Client, Pool } from './pool.ts';
import { statement } from './statement.ts';

const NOW = statement<{ now: bigint; outbox_id: string }>(
  'now',
  `SELECT (extract(epoch FROM clock_timestamp()) * 1000)::bigint AS now,
          nextval('outbox_ids')::text AS outbox_id`,
);

/** The database's time, and the id of the audit message that this transaction may write. */
export async function takeNow(
  client: Client | Pool,
): Promise<{ readonly now: number; readonly outboxId: string }> {
  const [row] = await NOW.run(client);
  if (row === undefined) throw new TypeError('the database did not tell the time');
  return { now: Number(row.now), outboxId: row.outbox_id };
}

const INSERT = statement('outbox-insert', `INSERT INTO outbox (id, body) VALUES ($1, $2)`);

export const insertOutbox = (client: Client, id: string, body: string): Promise<unknown> =>
  INSERT.run(client, id, body);

const DEPTH = statement<{ depth: bigint }>('outbox-depth', `SELECT count(*) AS depth FROM outbox`);

/** How many audit messages wait to be stored. */
export async function outboxDepth(pool: Pool): Promise<number> {
  const [row] = await DEPTH.run(pool);
  return Number(row?.depth ?? 0);
}

const LAG = statement<{ depth: bigint; age_s: number }>(
  'outbox-lag',
  `SELECT count(*) AS depth,
          coalesce(extract(epoch FROM clock_timestamp() - min(at)), 0)::float8 AS age_s
     FROM outbox`,
);

export type OutboxLag = {
  /** Audit messages that wait to be stored. */
  readonly messages: number;
  /** How long the oldest of them has waited. */
  readonly ageS: number;
};

/** How far the audit log is behind what is committed. */
export async function loadOutboxLag(pool: Pool): Promise<OutboxLag> {
  const [row] = await LAG.run(pool);
  return { messages: Number(row?.depth ?? 0), ageS: row?.age_s ?? 0 };
}

const BEHIND = statement<{ behind: boolean }>(
  'outbox-behind',
  `SELECT EXISTS (SELECT 1 FROM outbox WHERE id <= $1) AS behind`,
);
const NEWEST = statement<{ newest: bigint | null }>(
  'outbox-newest',
  `SELECT max(id) AS newest FROM outbox`,
);

/** The newest audit message that is committed and not stored; undefined where all are. */
async function newestOutbox(client: Client | Pool): Promise<bigint | undefined> {
  return (await NEWEST.run(client))[0]?.newest ?? undefined;
}

async function isOutboxBehind(client: Client | Pool, id: bigint): Promise<boolean> {
  return (await BEHIND.run(client, id))[0]?.behind ?? false;
}

/** Resolves when every audit message that is committed now is stored; those that come later may wait. */
export async function outboxCaughtUp(
  client: Client | Pool,
  pause: () => Promise<unknown>,
): Promise<void> {
  const newest = await newestOutbox(client);
  while (newest !== undefined && (await isOutboxBehind(client, newest))) await pause();
}
