/** The input and the result of deciding a batch. */
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
  /** Returns the symbol's quote if it is fresh at that instant. */
  readonly freshQuote: (symbol: StockSymbol, now: Instant) => ReceivedQuote | undefined;
  readonly newArmingId: () => ArmingId;
  /** Refuse every command as `internal`, because committing its effects failed for good. */
  readonly refuse: boolean;
  /** Add a `debugEvent` for each command. */
  readonly debug: boolean;
  /** Called with each broken invariant; its command is refused as `internal`. */
  readonly onDefect: (what: string, source: AuditSource) => void;
};

/** The result of one slice; it has fewer outcomes than commands if a command needs a quote. */
export type SliceResult = {
  readonly task: Task;
  readonly outcomes: readonly Outcome[];
  /** Set if the message starts after a gap: the producer must resend from this position on. */
  readonly expected?: number;
};

/** A quote without which a command cannot be decided, and the command that asks for it. */
export type QuoteNeed = { readonly symbol: StockSymbol; readonly asker: Asker };

export type LaneResult = {
  readonly user: UserId;
  readonly slices: readonly SliceResult[];
  /** The quote that the lane must wait for before its next command. */
  readonly needs?: QuoteNeed;
};

export type BatchResult = BatchWrites & {
  readonly lanes: readonly LaneResult[];
  readonly audit: readonly AuditEntry[];
};
