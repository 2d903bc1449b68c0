/** The data of the whole system that administrators see on the web. */
import type { UserRole } from '../web-api/session.ts';
import type { Pool } from './pool.ts';
import { statement } from './statement.ts';

export type UserRow = {
  readonly user_id: string;
  readonly role: UserRole | null;
  readonly is_disabled: boolean;
  readonly created_at: bigint | null;
  readonly last_seen_at: bigint | null;
  readonly balance: bigint | null;
};

/** Users with commands and users who can sign in, in the order of names. */
const USERS = statement<UserRow>(
  'web-admin-users',
  `SELECT n.user_id, w.role, w.disabled_at IS NOT NULL AS is_disabled, w.created_at, w.last_seen_at,
          a.balance
     FROM (SELECT user_id FROM users
            WHERE user_id <> '$system' AND ($1::text IS NULL OR user_id > $1)
              AND ($2::text IS NULL OR strpos(lower(user_id), lower($2)) > 0)
           UNION
           SELECT user_id FROM web_users
            WHERE ($1::text IS NULL OR user_id > $1)
              AND ($2::text IS NULL OR strpos(lower(user_id), lower($2)) > 0)
           ORDER BY user_id LIMIT $3) AS n
     LEFT JOIN web_users w USING (user_id) LEFT JOIN accounts a USING (user_id)
    ORDER BY n.user_id`,
);

/** Lists up to `most` users after the name `after`, whose names contain `part`, in any letter case. */
export const listUsers = async (
  pool: Pool,
  {
    after,
    part,
    most,
  }: {
    readonly after: string | undefined;
    readonly part: string | undefined;
    readonly most: number;
  },
): Promise<readonly UserRow[]> => await USERS.run(pool, after ?? null, part ?? null, most);

type AdminFigures = {
  readonly now: number;
  readonly outboxRows: number;
  readonly outboxOldestMs: number | undefined;
  readonly hits: number;
  readonly hitsToday: number;
  readonly hitsLastHour: number;
  readonly signedUp: number;
  readonly withAccount: number;
  readonly sessions: number;
};

type FiguresRow = {
  now: bigint;
  outbox_rows: bigint;
  outbox_oldest_ms: bigint | null;
  hits: bigint;
  hits_today: bigint;
  hits_last_hour: bigint;
  signed_up: bigint;
  with_account: bigint;
  sessions: bigint;
};
const FIGURES = statement<FiguresRow>(
  'web-admin-figures',
  `SELECT now_ms() AS now,
          (SELECT count(*) FROM outbox) AS outbox_rows,
          (SELECT (extract(epoch FROM clock_timestamp() - min(at)) * 1000)::bigint FROM outbox)
            AS outbox_oldest_ms,
          h.hits, h.hits_today, h.hits_last_hour,
          (SELECT count(*) FROM web_users) AS signed_up,
          (SELECT count(*) FROM accounts) AS with_account,
          (SELECT count(*) FROM web_sessions WHERE expires_at > now_ms()) AS sessions
     FROM (SELECT count(*) AS hits,
                  count(*) FILTER (WHERE received_at >= now_ms() - now_ms() % 86400000) AS hits_today,
                  count(*) FILTER (WHERE received_at >= now_ms() - 3600000) AS hits_last_hour
             FROM quote_history) AS h`,
);

/** Loads the figures of `GET /admin/system`. Hits of today count from midnight UTC. */
export async function loadAdminFigures(pool: Pool): Promise<AdminFigures> {
  const [row] = await FIGURES.run(pool);
  if (row === undefined) throw new TypeError('the database gave no figures');
  const oldest = row.outbox_oldest_ms;
  return {
    now: Number(row.now),
    outboxRows: Number(row.outbox_rows),
    outboxOldestMs: oldest === null ? undefined : Number(oldest),
    hits: Number(row.hits),
    hitsToday: Number(row.hits_today),
    hitsLastHour: Number(row.hits_last_hour),
    signedUp: Number(row.signed_up),
    withAccount: Number(row.with_account),
    sessions: Number(row.sessions),
  };
}

const EVENTS_OF_USER = statement<{ count: bigint }>(
  'web-log-events-of-user',
  `SELECT count(*) AS count FROM audit_events WHERE user_id = $1`,
);
export const countEventsOf = async (pool: Pool, user: string): Promise<number> =>
  Number((await EVENTS_OF_USER.run(pool, user))[0]?.count ?? 0n);

/** The planner's estimate, or 0 if it has none, because counting would read the whole log. */
const EVENTS = statement<{ count: bigint }>(
  'web-log-events',
  `SELECT greatest(sum(c.reltuples), 0)::bigint AS count
     FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
    WHERE i.inhparent = 'audit_events'::regclass`,
);
export const estimateEvents = async (pool: Pool): Promise<number> =>
  Number((await EVENTS.run(pool))[0]?.count ?? 0n);

const OUTBOX_LAST = statement<{ last: bigint }>(
  'web-outbox-last',
  `SELECT last_value AS last FROM outbox_ids`,
);
const OUTBOX_OPEN = statement<{ open: boolean }>(
  'web-outbox-open',
  `SELECT EXISTS (SELECT FROM outbox WHERE id <= $1) AS open`,
);

/** Returns the last outbox id drawn. Every command that was answered by now has a lower or the same id. */
export const lastOutboxId = async (pool: Pool): Promise<bigint> =>
  (await OUTBOX_LAST.run(pool))[0]?.last ?? 0n;

/** Whether audit messages with ids up to `upTo` are not stored yet. */
export const isOutboxOpen = async (pool: Pool, upTo: bigint): Promise<boolean> =>
  (await OUTBOX_OPEN.run(pool, upTo))[0]?.open ?? false;

const PROBE = statement('web-probe', `SELECT`);
/** Resolves if the pool's database answers. */
export async function probe(pool: Pool): Promise<void> {
  await PROBE.run(pool);
}
