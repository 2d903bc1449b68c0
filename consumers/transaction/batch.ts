/** What goes into deciding a batch, and what comes out. */
import type { ArmingId, StockSymbol, UserId } from '../../shared/domain/identity.ts';
import type { Instant } from '../../shared/domain/time.ts';
import type { Outcome } from '../../shared/messages/answer-message.ts';
import type { AuditEntry } from '../../shared/messages/audit-entry.ts';
import type { Asker, ReceivedQuote } from '../../shared/messages/quote-message.ts';
import type { BatchWrites } from '../../shared/ports/batch-store.ts';
import type { AuditSource } from './audit-of.ts';
import type { Task } from './task.ts';

export type BatchContext = {
  /** The name of this process. */
  readonly server: string;
  readonly orderLifetimeMs: number;
  /** The symbol's quote, if it is fresh at that instant. */
  readonly freshQuote: (symbol: StockSymbol, now: Instant) => ReceivedQuote | undefined;
  readonly newArmingId: () => ArmingId;
  /** The batch's one command is refused as `internal`: writing its effects failed for good. */
  readonly refuse: boolean;
  readonly debug: boolean;
  readonly onDefect: (what: string, source: AuditSource) => void;
};

/** What became of one slice; `outcomes` may be fewer than its commands where a quote is needed. */
export type SliceResult = {
  readonly task: Task;
  readonly outcomes: readonly Outcome[];
  /** The message starts after a gap: positions from this one on are to be sent again. */
  readonly expected?: number;
};

export type QuoteNeed = { readonly symbol: StockSymbol; readonly asker: Asker };

export type LaneResult = {
  readonly user: UserId;
  readonly slices: readonly SliceResult[];
  /** The lane waits for this quote before its next command. */
  readonly needs?: QuoteNeed;
};

export type BatchResult = BatchWrites & {
  readonly lanes: readonly LaneResult[];
  readonly audit: readonly AuditEntry[];
};
