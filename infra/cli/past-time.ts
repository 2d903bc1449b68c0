/** Parses the past times that options name, and explains those of which the ledger says nothing. */
import { findNoLedger, type NoLedger } from '../../shared/pg/ledger-instant.ts';
import { withConnection } from '../../shared/pg/connection.ts';
import type { Pool } from '../../shared/pg/pool.ts';
import { UsageError } from '../../shared/runtime/errors.ts';

/** Returns a parser of a past moment with its time zone. It throws a `UsageError` for any other text. */
export const pastTime =
  (option: string) =>
  (text: string): Date => {
    const time = new Date(text);
    const hasZone = /(Z|[+-]\d\d:?\d\d)$/.test(text);
    if (Number.isNaN(time.getTime()) || !hasZone || time.getTime() > Date.now()) {
      const expected = 'expected a past time with its zone, 2026-11-25T14:03:00Z';
      throw new UsageError(`${option} ${text}: ${expected}`);
    }
    return time;
  };

/** Rejects with a `UsageError` if the ledger says nothing of a time. */
export async function requireLedgerAt(pool: Pool, at: Date): Promise<void> {
  const none = await withConnection(pool, (client) => findNoLedger(client, at.getTime()));
  if (none !== undefined) throw new UsageError(`--at ${at.toISOString()}: ${whyNot(none)}`);
}

function whyNot(none: NoLedger): string {
  if (none.is === 'future') return `it is ${asText(none.now)} on the database's clock`;
  if (none.first === undefined) return 'nothing has happened yet: no account was ever opened';
  return `before the first entry of the ledger, which is of ${asText(none.first)}`;
}

const asText = (at: number): string => new Date(at).toISOString();
