/** The log of sign-ins and of administrators' actions. Its failures limit the guessing of passwords. */
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
  | 'sessions-ended'
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

type WebLogEntry = {
  readonly event: WebEvent;
  /** The user who acted; undefined if nobody was signed in. */
  readonly actor: string | undefined;
  /** The user concerned. */
  readonly user: string | undefined;
  readonly address: string;
  /** The network by which failures are counted; undefined if the action did not come over a network. */
  readonly network?: string | undefined;
  /** The request refused, the change made or the file dumped. */
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
  /** For this user from this network. */
  readonly here: number;
  /** For this user from any network. */
  readonly ofUser: number;
  /** For any user from this network. */
  readonly ofNetwork: number;
};

/** By the partial indexes web_log_failures_of_user and web_log_failures_of_network. */
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

/** Counts the failed sign-ins of the last `windowMs`. */
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

type ListedEvent = {
  readonly id: string;
  readonly at: number;
  readonly event: string;
  readonly actor: string | null;
  readonly user: string | null;
  readonly address: string;
  readonly detail: string | null;
};

/** Lists up to `limit` events with ids below `before`, the latest first. */
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
