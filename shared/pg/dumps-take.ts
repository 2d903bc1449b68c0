/**
 * Dumps from the side of the processes that write them. A process takes a dump by a lease that it renews
 * while it writes; each statement here is a transaction of its own, so that no row stays locked.
 */
import type { Client, Pool } from './pool.ts';
import { statement, type Parameter } from './statement.ts';

export type OpenDump = {
  readonly user: string;
  readonly stream: string;
  readonly position: bigint;
  readonly scope: 'user' | 'all';
  readonly file: string;
  /** Of the command; dumps that were asked for before it was kept have none. */
  readonly number: bigint | null;
  readonly reply_to: string | null;
  readonly correlation_id: string | null;
  /** Set once the dump is written, or is known to be unwritable. */
  readonly outcome: string | null;
  /** Names this take, and no other of the same dump. */
  readonly taken_by: string;
};

/** A process that died or lost its connection keeps a dump from the others for so long. */
const LEASE_S = 15;
/** Renewed this often, a lease survives two renewals that are lost. */
export const RENEW_EVERY_MS: number = (LEASE_S / 3) * 1_000;
/** A dump that could not be written yet is tried again after this; others come first. */
const RETRY_AFTER_S = 3;

const UNTIL = `taken_until = clock_timestamp() + make_interval(secs => `;

const TAKE = statement<OpenDump>(
  'dumps-take',
  `UPDATE dumps SET taken_by = $1, ${UNTIL}${LEASE_S})
    WHERE (user_id, stream, position) = (
      SELECT user_id, stream, position FROM dumps
       WHERE NOT answered AND (taken_until IS NULL OR taken_until < clock_timestamp())
       ORDER BY asked_at LIMIT 1 FOR UPDATE SKIP LOCKED)
   RETURNING user_id AS "user", stream, position, scope, file, number, reply_to, correlation_id, outcome,
             taken_by`,
);

/** Takes the dump that was asked for first of those that nobody has; undefined if there is none. */
export async function takeDump(pool: Pool, takenBy: string): Promise<OpenDump | undefined> {
  return (await TAKE.run(pool, takenBy))[0];
}

const keyOf = (dump: OpenDump): readonly Parameter[] => [
  dump.user,
  dump.stream,
  dump.position,
  dump.taken_by,
];
const TAKEN = 'user_id = $1 AND stream = $2 AND position = $3 AND taken_by = $4';

const RENEW = statement<{ file: string }>(
  'dumps-renew',
  `UPDATE dumps SET ${UNTIL}${LEASE_S}) WHERE ${TAKEN} RETURNING file`,
);

/** False if the lease is lost: another process has the dump. */
export const renewDump = async (pool: Pool, dump: OpenDump): Promise<boolean> =>
  (await RENEW.run(pool, ...keyOf(dump))).length > 0;

const RELEASE = statement(
  'dumps-release',
  `UPDATE dumps SET taken_by = NULL, ${UNTIL}${RETRY_AFTER_S}) WHERE ${TAKEN}`,
);

/** Lets any process try the dump again, after a pause. */
export const releaseDump = (pool: Pool, dump: OpenDump): Promise<unknown> =>
  RELEASE.run(pool, ...keyOf(dump));

const SETTLE = statement<Pick<OpenDump, 'reply_to' | 'correlation_id'>>(
  'dumps-settle',
  `UPDATE dumps SET outcome = $5 WHERE ${TAKEN} AND outcome IS NULL
   RETURNING reply_to, correlation_id`,
);

/** Keeps the outcome; gives who is to be answered, or undefined if the lease is lost. */
export async function settleDump(
  client: Client | Pool,
  dump: OpenDump,
  outcome: string,
): Promise<OpenDump | undefined> {
  const [asker] = await SETTLE.run(client, ...keyOf(dump), outcome);
  return asker && { ...dump, ...asker, outcome };
}

const ANSWERED = statement(
  'dumps-answered',
  `UPDATE dumps SET taken_by = NULL, taken_until = NULL,
          answered = reply_to IS NOT DISTINCT FROM $5 AND correlation_id IS NOT DISTINCT FROM $6
    WHERE ${TAKEN}`,
);

/** Notes that this asker is answered. Somebody who asked meanwhile is still to be answered. */
export const markDumpAnswered = (pool: Pool, dump: OpenDump): Promise<unknown> =>
  ANSWERED.run(pool, ...keyOf(dump), dump.reply_to, dump.correlation_id);
