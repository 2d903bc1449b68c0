/** A ledger entry as a summary shows it. */
import type { LedgerLine, RecentEntry } from '../../shared/ports/batch-store.ts';

/** The same view of an entry that is not written yet as of one that was read. */
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
