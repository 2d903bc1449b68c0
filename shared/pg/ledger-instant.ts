/** Makes sure that the ledger is complete up to an instant: it has the entries of every command decided by then. */
import type { Client, Pool } from './pool.ts';
import { statement } from './statement.ts';

const NOW = statement<{ now: bigint }>('instant-now', 'SELECT now_ms() AS now');

/** A batch locks rows of `users` before it takes its time, so it holds this lock from then until it commits. */
const DECIDING = statement<{ batches: string[] }>(
  'instant-deciding',
  `SELECT coalesce(array_agg(DISTINCT virtualtransaction), '{}') AS batches FROM pg_locks
    WHERE relation = 'users'::regclass AND mode IN ('RowShareLock', 'RowExclusiveLock')
      AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`,
);
const STILL = statement<{ decides: boolean }>(
  'instant-still-deciding',
  `SELECT EXISTS (SELECT FROM pg_locks WHERE relation = 'users'::regclass
                     AND virtualtransaction = ANY ($1::text[])) AS decides`,
);

const POLL_MS = 10;

/**
 * Waits until every command decided at or before an instant is committed; a batch takes milliseconds, and at most
 * as long as its connection may be idle. Resolves to the database's time, at once if the instant is still to come.
 */
export async function awaitDecided(client: Client | Pool, at: number): Promise<number> {
  const [time] = await NOW.run(client);
  const now = Number(time?.now ?? 0n);
  if (at > now) return now;
  const batches = (await DECIDING.run(client))[0]?.batches ?? [];
  while (batches.length > 0 && (await STILL.run(client, batches))[0]?.decides === true) {
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
  return now;
}

/** Entries are stored about in the order of their times, so the scan ends early unless there is no such entry. */
const BEGUN = statement<{ begun: boolean }>(
  'instant-begun',
  'SELECT EXISTS (SELECT FROM ledger WHERE at <= $1) AS begun',
);
const FIRST = statement<{ at: bigint | null }>('instant-first', 'SELECT min(at) AS at FROM ledger');

/** Why the ledger says nothing of an instant. `first` is the time of its first entry; undefined if it has none. */
export type NoLedger =
  | { readonly is: 'future'; readonly now: number }
  | { readonly is: 'before'; readonly first: number | undefined };

/** Waits as `awaitDecided` does; resolves to why the ledger says nothing of the instant, undefined if it does. */
export async function findNoLedger(client: Client, at: number): Promise<NoLedger | undefined> {
  const now = await awaitDecided(client, at);
  if (at > now) return { is: 'future', now };
  if ((await BEGUN.run(client, at))[0]?.begun === true) return undefined;
  const first = (await FIRST.run(client))[0]?.at ?? undefined;
  return { is: 'before', first: first === undefined ? undefined : Number(first) };
}
