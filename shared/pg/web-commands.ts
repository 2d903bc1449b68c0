/** The commands of one user with their outcomes, from the audit log. */
import type { Pool } from './pool.ts';
import { statement } from './statement.ts';
import { PRICE_THEN } from './web-orders.ts';

export type CommandRow = {
  readonly outbox_id: bigint;
  readonly index: number;
  readonly at: bigint;
  readonly number: bigint;
  readonly command: string | null;
  readonly symbol: string | null;
  readonly funds: bigint | null;
  /** Why the command was rejected; null if it was accepted. */
  readonly reason: string | null;
  /** The price with which a QUOTE was answered. */
  readonly quoted: bigint | null;
};

type CommandFilter = {
  readonly before: { readonly outboxId: string; readonly index: string } | undefined;
  readonly symbol: string | undefined;
  readonly command: string | undefined;
  readonly rejected: boolean | undefined;
  readonly q: string | undefined;
  readonly from: number | undefined;
  readonly to: number | undefined;
};

/** By the primary key of each partition. A command and its error have the same outbox id and time. */
const PAGE = statement<CommandRow>(
  'web-commands-page',
  `SELECT c.outbox_id, c.index, c.at, c.number, c.command, c.symbol, c.funds, e.message AS reason,
          CASE WHEN c.command = 'QUOTE' AND e.message IS NULL THEN (${PRICE_THEN}) END AS quoted
     FROM audit_events c
     LEFT JOIN LATERAL (
       SELECT message FROM audit_events e
        WHERE e.user_id = c.user_id AND e.outbox_id = c.outbox_id AND e.at = c.at
          AND e.kind = 'errorEvent' AND e.number = c.number AND e.index > c.index
          AND e.stream IS NOT DISTINCT FROM c.stream
        ORDER BY e.index LIMIT 1) AS e ON true
    WHERE c.user_id = $1 AND c.kind = 'userCommand'
      AND ($2::bigint IS NULL OR (c.outbox_id, c.index) < ($2, $3::int))
      AND ($4::text IS NULL OR c.symbol = $4) AND ($5::text IS NULL OR c.command = $5)
      AND ($6::boolean IS NULL OR (e.message IS NOT NULL) = $6)
      AND ($7::bigint IS NULL OR c.at >= $7) AND ($8::bigint IS NULL OR c.at < $8)
      AND ($9::text IS NULL OR strpos(
           lower(concat_ws(' ', c.symbol, c.command, c.number, e.message)), lower($9)) > 0)
    ORDER BY c.outbox_id DESC, c.index DESC LIMIT $10`,
);

/** Loads a page of commands, the latest first. */
export const loadCommandPage = async (
  pool: Pool,
  user: string,
  filter: CommandFilter & { readonly most: number },
): Promise<readonly CommandRow[]> =>
  await PAGE.run(
    pool,
    user,
    filter.before?.outboxId ?? null,
    filter.before?.index ?? null,
    filter.symbol ?? null,
    filter.command ?? null,
    filter.rejected ?? null,
    filter.from ?? null,
    filter.to ?? null,
    filter.q ?? null,
    filter.most,
  );
