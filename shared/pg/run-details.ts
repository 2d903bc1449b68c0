/** What a finished run tells about its quotes and its users, from the audit log and the quotes received. */
import { SYSTEM_USER } from '../domain/identity.ts';
import type { Pool } from './pool.ts';
import { statement } from './statement.ts';

export type RunDetails = {
  readonly users: number;
  /** The number of commands that used a price. Without a cache, each would have cost a hit. */
  readonly quoteUses: number;
  /** The number of hits in each moment of a run in which there was one, by the start of the moment. */
  readonly hits: readonly { readonly atS: number; readonly count: number }[];
  /** The mean time of a hit; 0 if there was none. */
  readonly hitMeanS: number;
  /** The users whose last command was done last, the last one first. */
  readonly slowest: readonly SlowUser[];
};

export type SlowUser = {
  readonly user: string;
  readonly commands: number;
  /** The time from the start of the run until the user's last command was decided. */
  readonly seconds: number;
  /** How many of the user's commands waited for a quote, and for how long in all. */
  readonly quoteWaits: number;
  readonly quoteSeconds: number;
};

/** The part of a run since `openedAt`, in the database's time; `firstOutbox` bounds the scan. */
type RunPart = {
  readonly stream: string;
  readonly firstOutbox: bigint;
  readonly openedAt: number;
};

const QUOTES = statement<{ users: bigint; uses: bigint; hit_ms: number }>(
  'run-quotes',
  `WITH events AS (
     SELECT user_id, position, kind, symbol, at FROM audit_events
      WHERE outbox_id >= $1 AND stream = $2 AND at >= $3
        AND kind IN ('userCommand', 'quoteServer', 'systemEvent'))
   SELECT (SELECT count(DISTINCT user_id) FROM events WHERE user_id <> $4) AS users,
          (SELECT count(*) FROM (SELECT DISTINCT user_id, position FROM events
                                  WHERE kind <> 'userCommand') AS used) AS uses,
          (SELECT coalesce(avg(received_at - asked_at), 0)::float8
             FROM quote_history JOIN events USING (symbol)
            WHERE kind = 'quoteServer' AND received_at = at) AS hit_ms`,
);

const HITS = statement<{ moment: bigint; count: bigint }>(
  'run-hits',
  `SELECT (at - $3) / $4 AS moment, count(*) AS count FROM audit_events
    WHERE outbox_id >= $1 AND stream = $2 AND at >= $3 AND kind = 'quoteServer'
    GROUP BY 1 ORDER BY 1`,
);

type SlowRow = {
  readonly user: string;
  readonly commands: bigint;
  readonly ms: bigint;
  readonly quote_waits: bigint;
  readonly quote_ms: bigint;
};

/**
 * A command waited for its quote from the time when the user's previous command was decided, or the
 * quote was asked for, whichever is later, until the quote was received. The query joins no events with
 * events, because the planner knows nothing yet of those of a run that has just ended.
 */
const SLOWEST = statement<SlowRow>(
  'run-slowest',
  `WITH commands AS (
     SELECT user_id, position, max(symbol) AS symbol, bool_or(kind <> 'userCommand') AS used_quote,
            max(at) FILTER (WHERE kind = 'userCommand') AS at
       FROM audit_events
      WHERE outbox_id >= $1 AND stream = $2 AND at >= $3 AND user_id <> $4
        AND kind IN ('userCommand', 'quoteServer', 'systemEvent')
      GROUP BY user_id, position),
   in_order AS (
     SELECT *, lag(at, 1, $3::bigint) OVER (PARTITION BY user_id ORDER BY position) AS previous_at
       FROM commands)
   SELECT user_id AS user, count(*) AS commands, max(at) - $3 AS ms,
          count(quote.ms) AS quote_waits, coalesce(sum(quote.ms), 0)::bigint AS quote_ms
     FROM in_order
     LEFT JOIN LATERAL (
       SELECT received_at - greatest(asked_at, previous_at) AS ms
         FROM (SELECT asked_at, received_at FROM quote_history AS known
                WHERE known.symbol = in_order.symbol AND received_at <= at
                ORDER BY received_at DESC LIMIT 1) AS latest
        WHERE received_at > previous_at) AS quote ON used_quote
    GROUP BY user_id ORDER BY ms DESC, user_id LIMIT $5`,
);

/** Loads the details of a run. `momentS` is the length of the moments in which hits are counted. */
export async function loadRunDetails(
  pool: Pool,
  { stream, firstOutbox, openedAt }: RunPart,
  { momentS, slowestMax }: { readonly momentS: number; readonly slowestMax: number },
): Promise<RunDetails> {
  const part = [firstOutbox, stream, openedAt] as const;
  const momentMs = Math.round(momentS * 1_000);
  const [quotes] = await QUOTES.run(pool, ...part, SYSTEM_USER);
  const hits = await HITS.run(pool, ...part, momentMs);
  const slowest = await SLOWEST.run(pool, ...part, SYSTEM_USER, slowestMax);
  return {
    users: Number(quotes?.users ?? 0),
    quoteUses: Number(quotes?.uses ?? 0),
    hitMeanS: (quotes?.hit_ms ?? 0) / 1_000,
    hits: hits.map(({ moment, count }) => ({
      atS: Number(moment) * momentS,
      count: Number(count),
    })),
    slowest: slowest.map((row) => ({
      user: row.user,
      commands: Number(row.commands),
      seconds: Number(row.ms) / 1_000,
      quoteWaits: Number(row.quote_waits),
      quoteSeconds: Number(row.quote_ms) / 1_000,
    })),
  };
}
