/**
 * Leases on dumps, for the processes that write them. A dump is open until its requester is answered; a
 * repeated request opens it again. A process takes an open dump with a lease, renews the lease while it
 * writes, saves the outcome, answers, and marks the dump as answered; or it releases the dump to be tried
 * again. If a lease expires, any process may take the dump. No row is locked while a dump is written.
 */
import type { Client, Pool } from './pool.ts';
import { statement, type Parameter } from './statement.ts';

export type OpenDump = {
  readonly user: string;
  readonly stream: string;
  readonly position: bigint;
  readonly scope: 'user' | 'all';
  readonly file: string;
  /** The transaction number of the command; null for dumps requested before migration 010. */
  readonly number: bigint | null;
  readonly reply_to: string | null;
  readonly correlation_id: string | null;
  /** Set once the dump is written, or cannot be written. */
  readonly outcome: string | null;
  /** Identifies this lease, and no other on the same dump. */
  readonly taken_by: string;
};

/** The duration of a lease. If a process dies, the others cannot take its dump for this long. */
const LEASE_S = 15;
/** The interval of renewals. A lease survives two that fail. */
export const RENEW_EVERY_MS: number = (LEASE_S / 3) * 1_000;
/** The pause before a released dump can be taken again, in which others come first. */
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

/** Takes a lease on the open dump that was requested first and has no lease; undefined if there is none. */
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

/** Renews the lease; false if it is lost to another process. */
export const renewDump = async (pool: Pool, dump: OpenDump): Promise<boolean> =>
  (await RENEW.run(pool, ...keyOf(dump))).length > 0;

const RELEASE = statement(
  'dumps-release',
  `UPDATE dumps SET taken_by = NULL, ${UNTIL}${RETRY_AFTER_S}) WHERE ${TAKEN}`,
);

/** Ends the lease, so that any process can take the dump again after a pause. */
export const releaseDump = (pool: Pool, dump: OpenDump): Promise<unknown> =>
  RELEASE.run(pool, ...keyOf(dump));

const SETTLE = statement<Pick<OpenDump, 'reply_to' | 'correlation_id'>>(
  'dumps-settle',
  `UPDATE dumps SET outcome = $5 WHERE ${TAKEN} AND outcome IS NULL
   RETURNING reply_to, correlation_id`,
);

/** Saves the outcome. Returns the dump with its present requester, or undefined if the lease is lost. */
export async function saveDumpOutcome(
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

/** Ends the lease, and marks the dump as answered unless somebody else requested it meanwhile. */
export const markDumpAnswered = (pool: Pool, dump: OpenDump): Promise<unknown> =>
  ANSWERED.run(pool, ...keyOf(dump), dump.reply_to, dump.correlation_id);
