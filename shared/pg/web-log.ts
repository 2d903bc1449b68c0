/** The log of sign-ins and of what administrators did; it also limits guessing. */
import type { Client, Pool } from './pool.ts';
import { statement } from './statement.ts';

export type WebEvent =
  | 'signed-up'
  | 'signed-in'
  | 'sign-in-failed'
  | 'sign-in-refused'
  | 'signed-out'
  | 'password-changed'
  | 'session-ended'
  | 'token-made'
  | 'token-revoked'
  | 'user-handed-out'
  | 'password-reset'
  | 'whole-log-read'
  | 'whole-log-dumped'
  | 'parked-replayed'
  | 'user-disabled'
  | 'user-enabled'
  | 'role-changed'
  | 'refused';

export type WebLogEntry = {
  readonly event: WebEvent;
  /** Who did it; undefined where nobody is known. */
  readonly actor: string | undefined;
  /** Whom it concerns. */
  readonly user: string | undefined;
  readonly address: string;
  /** What failures are counted by; undefined if it was not done over a network. */
  readonly network?: string | undefined;
  /** What was refused, changed or dumped. */
  readonly detail?: string | undefined;
};

const INSERT = statement(
  'web-log-insert',
  `INSERT INTO web_log (event, actor, user_id, address, network, detail)
   VALUES ($1, $2, $3, $4, $5, $6)`,
);

export async function logWebEvent(client: Client | Pool, entry: WebLogEntry): Promise<void> {
  const { event, actor = null, user = null, address, network = null, detail = null } = entry;
  await INSERT.run(client, event, actor, user, address, network, detail);
}

export type Failures = {
  /** Of this name from this network, of this name from anywhere, from this network for any name. */
  readonly here: number;
  readonly ofUser: number;
  readonly ofNetwork: number;
};

/** By the two partial indexes. */
const FAILURES = statement<{ here: bigint; of_user: bigint; of_network: bigint }>(
  'web-log-failures',
  `SELECT (SELECT count(*) FROM web_log f
            WHERE event = 'sign-in-failed' AND user_id = $1 AND network = $2
              AND at > now_ms() - $3::bigint) AS here,
          (SELECT count(*) FROM web_log
            WHERE event = 'sign-in-failed' AND user_id = $1 AND at > now_ms() - $3::bigint)
            AS of_user,
          (SELECT count(*) FROM web_log
            WHERE event = 'sign-in-failed' AND network = $2 AND at > now_ms() - $3::bigint)
            AS of_network`,
);

/** How often signing in failed in the last so many milliseconds. */
export async function countFailures(
  pool: Pool,
  { user, network }: { readonly user: string; readonly network: string },
  windowMs: number,
): Promise<Failures> {
  const [row] = await FAILURES.run(pool, user, network, windowMs);
  return {
    here: Number(row?.here ?? 0n),
    ofUser: Number(row?.of_user ?? 0n),
    ofNetwork: Number(row?.of_network ?? 0n),
  };
}

const LIST = statement<{
  id: bigint;
  at: bigint;
  event: string;
  actor: string | null;
  user_id: string | null;
  address: string;
  detail: string | null;
}>(
  'web-log-list',
  `SELECT id, at, event, actor, user_id, address, detail FROM web_log
    WHERE $1::bigint IS NULL OR id < $1 ORDER BY id DESC LIMIT $2`,
);

export type ListedEvent = {
  readonly id: string;
  readonly at: number;
  readonly event: string;
  readonly actor: string | null;
  readonly user: string | null;
  readonly address: string;
  readonly detail: string | null;
};

/** The latest first, those before an id. */
export async function listWebLog(
  pool: Pool,
  before: string | undefined,
  limit: number,
): Promise<readonly ListedEvent[]> {
  return (await LIST.run(pool, before ?? null, limit)).map((row) => ({
    id: row.id.toString(),
    at: Number(row.at),
    event: row.event,
    actor: row.actor,
    user: row.user_id,
    address: row.address,
    detail: row.detail,
  }));
}
