/** Converts a ledger entry to the form that a summary shows. */
import type { LedgerLine, RecentEntry } from '../../shared/ports/batch-store.ts';

/** Converts an entry that is not saved yet, so that it looks like one that was loaded. */
export const recentEntryOf = (line: LedgerLine): RecentEntry => ({
  at: line.at,
  number: line.number,
  event: line.event,
  symbol: line.symbol,
  price: line.price === undefined ? undefined : Number(line.price),
  balance: Number(line.balance),
  reserve: Number(line.reserve),
  holding: Number(line.holding),
  reservedShares: Number(line.reservedShares),
});
