/** The outbox: audit messages that are committed but not stored in the audit log yet. */
import { sleep } from '../runtime/timers.ts';
import type { Client, Pool } from './pool.ts';
import { statement } from './statement.ts';

const NOW = statement<{ now: bigint; outbox_id: string }>(
  'now',
  `SELECT (extract(epoch FROM clock_timestamp()) * 1000)::bigint AS now,
          nextval('outbox_ids')::text AS outbox_id`,
);

/** Returns the database's time in Unix ms, and a new id for an audit message. */
export async function takeNow(
  client: Client | Pool,
): Promise<{ readonly now: number; readonly outboxId: string }> {
  const [row] = await NOW.run(client);
  if (row === undefined) throw new TypeError('the database did not tell the time');
  return { now: Number(row.now), outboxId: row.outbox_id };
}

const INSERT = statement('outbox-insert', `INSERT INTO outbox (id, body) VALUES ($1, $2)`);

/** Inserts the audit message of the transaction of `client`. */
export const insertOutbox = (client: Client, id: string, body: string): Promise<unknown> =>
  INSERT.run(client, id, body);

const DEPTH = statement<{ depth: bigint }>('outbox-depth', `SELECT count(*) AS depth FROM outbox`);

/** Counts the audit messages that are not stored yet. */
export async function countOutbox(client: Client | Pool): Promise<number> {
  const [row] = await DEPTH.run(client);
  return Number(row?.depth ?? 0);
}

const DEPTH_POLL_MS = 250;

/**
 * Polls the depth of the outbox until the process ends. Returns a function that resolves once at most
 * `max` audit messages are not stored; a failed poll counts as an empty outbox, so that it holds nobody.
 */
export function watchOutbox(pool: Pool, max: number): () => Promise<void> {
  let depth = 0;
  const poll = async (): Promise<void> => {
    depth = await countOutbox(pool).catch(() => 0);
  };
  setInterval(() => void poll(), DEPTH_POLL_MS).unref();
  return async () => {
    while (depth > max) await sleep(DEPTH_POLL_MS);
  };
}

const LAG = statement<{ depth: bigint; age_s: number }>(
  'outbox-lag',
  `SELECT count(*) AS depth,
          coalesce(extract(epoch FROM clock_timestamp() - min(at)), 0)::float8 AS age_s
     FROM outbox`,
);

export type OutboxLag = {
  /** The number of audit messages that are not stored yet. */
  readonly messages: number;
  /** The age of the oldest of them, in seconds. */
  readonly ageS: number;
};

/** Returns how far the audit log is behind the commits. */
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

/** Returns the id of the newest audit message that is not stored yet; undefined if all are. */
async function newestOutbox(client: Client | Pool): Promise<bigint | undefined> {
  return (await NEWEST.run(client))[0]?.newest ?? undefined;
}

async function isOutboxBehind(client: Client | Pool, id: bigint): Promise<boolean> {
  return (await BEHIND.run(client, id))[0]?.behind ?? false;
}

/** Waits until all audit messages committed at the call are stored. Awaits `pause` between checks. */
export async function waitForOutbox(
  client: Client | Pool,
  pause: () => Promise<unknown>,
): Promise<void> {
  const newest = await newestOutbox(client);
  while (newest !== undefined && (await isOutboxBehind(client, newest))) await pause();
}
