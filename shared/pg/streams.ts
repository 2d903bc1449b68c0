/** The position of each producer's stream per user, by which every command takes effect once. */
import type { UserId } from '../domain/identity.ts';
import {
  streamKey,
  type StreamAdvance,
  type StreamId,
  type StreamState,
} from '../ports/batch-store.ts';
import type { Client, Pool } from './pool.ts';
import { columnsOf } from './portfolios-save.ts';
import { statement } from './statement.ts';

type StreamRow = {
  user_id: UserId;
  stream: string;
  last: bigint;
  last_outcome: string;
  body_hash: string | null;
};
const LOAD = statement<StreamRow>(
  'streams-load',
  `SELECT user_id, stream, last, last_outcome, body_hash FROM streams
    WHERE (user_id, stream) IN (SELECT * FROM unnest($1::text[], $2::text[]))`,
);

/** Loads the states of streams, keyed by `streamKey`. A stream without a position done is absent. */
export async function loadStreams(
  client: Client,
  ids: readonly StreamId[],
): Promise<Map<string, StreamState>> {
  if (ids.length === 0) return new Map();
  const users = ids.map(({ user }) => user);
  const rows = await LOAD.run(
    client,
    users,
    ids.map(({ stream }) => stream),
  );
  return new Map(
    rows.map((row) => [
      streamKey({ user: row.user_id, stream: row.stream }),
      {
        last: Number(row.last),
        lastOutcome: row.last_outcome,
        bodyHash: row.body_hash ?? undefined,
      },
    ]),
  );
}

const SAVE = statement(
  'streams-save',
  `INSERT INTO streams (user_id, stream, last, last_outcome, body_hash, at)
   SELECT * FROM unnest($1::text[], $2::text[], $3::bigint[], $4::text[], $5::text[], $6::bigint[])
   ON CONFLICT (user_id, stream) DO UPDATE
      SET last = EXCLUDED.last, last_outcome = EXCLUDED.last_outcome, at = EXCLUDED.at`,
);

/** Saves the new positions of streams. A stream keeps the body hash of its first save. */
export async function saveStreams(
  client: Client,
  advances: readonly StreamAdvance[],
): Promise<void> {
  if (advances.length === 0) return;
  await SAVE.run(
    client,
    ...columnsOf(
      advances.map(({ user, stream, last, lastOutcome, bodyHash, at }) => [
        user,
        stream,
        last,
        lastOutcome ?? '',
        bodyHash ?? null,
        at,
      ]),
    ),
  );
}

const POSITIONS = statement<{ user_id: UserId; last: bigint }>(
  'streams-positions',
  `SELECT user_id, last FROM streams WHERE stream = $1`,
);

/** Loads the last position done of every user of a stream, after which an interrupted producer resumes. */
export async function loadPositions(pool: Pool, stream: string): Promise<Map<UserId, number>> {
  const rows = await POSITIONS.run(pool, stream);
  return new Map(rows.map(({ user_id, last }) => [user_id, Number(last)]));
}
