/** What a batch of commands needs of the store: one transaction that loads under locks and saves. */
import type { StockSymbol, UserId } from '../domain/identity.ts';
import type { LedgerEntry } from '../domain/ledger.ts';
import type { Portfolio } from '../domain/portfolio.ts';
import type { Instant } from '../domain/time.ts';

export type StreamId = { readonly user: UserId; readonly stream: string };

/** `last` is the position done last; 0 where none is. */
export type StreamState = {
  readonly last: number;
  readonly lastOutcome: string | undefined;
  readonly bodyHash: string | undefined;
};

export type StreamAdvance = StreamId & StreamState & { readonly at: number };

/** An entry with the command that caused it; a firing's has no stream, its number is its arming's. */
export type LedgerLine = LedgerEntry & {
  readonly user: UserId;
  readonly at: number;
  readonly stream: string | undefined;
  readonly position: number | undefined;
  readonly number: number;
};

/** What a summary shows of an entry; money in cents. */
export type RecentEntry = {
  readonly at: number;
  readonly number: number;
  readonly event: LedgerEntry['event'];
  readonly symbol: string | undefined;
  readonly price: number | undefined;
  readonly balance: number;
  readonly reserve: number;
  readonly holding: number;
  readonly reservedShares: number;
};

/** One user's portfolio as it was loaded and as it is now. */
export type PortfolioChange = {
  readonly user: UserId;
  readonly before: Portfolio;
  readonly after: Portfolio;
};

export type DumpRequest = {
  readonly user: UserId;
  readonly stream: string;
  readonly position: number;
  /** The transaction number of the command. */
  readonly number: number;
  /** `user`: that user's events; `all`: everyone's. */
  readonly scope: 'user' | 'all';
  /** The name below the folder of its owner's dumps. */
  readonly file: string;
  readonly replyTo: string | undefined;
  /** The message that asked. */
  readonly correlationId: string;
};

export type PortfolioNeeds = {
  /** Every user of the batch, once. */
  readonly users: readonly UserId[];
  /** The holdings and triggers that commands name. */
  readonly pairs: readonly { readonly user: UserId; readonly symbol: StockSymbol }[];
  /** Users of whom everything is needed. */
  readonly whole: readonly UserId[];
};

/** What the commands of a batch can touch. */
export type BatchNeeds = PortfolioNeeds & { readonly streams: readonly StreamId[] };

/** What was loaded under the users' locks, all at one instant. */
export type Loaded = {
  readonly now: Instant;
  /** Of every user of the batch; the empty one where there is no account. */
  readonly portfolios: ReadonlyMap<UserId, Portfolio>;
  /** By `streamKey`; streams that are not begun are absent. */
  readonly streams: ReadonlyMap<string, StreamState>;
  /** Of the users in `whole`: their latest ledger entries, latest first. */
  readonly recent: ReadonlyMap<UserId, readonly RecentEntry[]>;
};

export type BatchWrites = {
  readonly changes: readonly PortfolioChange[];
  readonly ledger: readonly LedgerLine[];
  readonly advances: readonly StreamAdvance[];
  readonly dumps: readonly DumpRequest[];
  readonly dumpsAskedAgain: readonly DumpRequest[];
};

export interface BatchTransaction {
  /** Locks the users until the end, in one order everywhere, then loads; `outboxId` is new. */
  load(needs: BatchNeeds): Promise<{ readonly loaded: Loaded; readonly outboxId: string }>;
  /**
   * Writes the differences, and the audit message `body`, if any, as the outbox row of that id. Where
   * that fails the transaction does.
   */
  save(
    writes: BatchWrites,
    at: { readonly outboxId: string; readonly now: Instant; readonly body: string },
  ): void;
}

export interface BatchStore {
  /**
   * Runs `work` in one transaction: all that it saves takes effect when this resolves, nothing where
   * it rejects; but where it rejects with `TransientError`, the commit's answer may have been lost.
   */
  inTransaction<Result>(work: (transaction: BatchTransaction) => Promise<Result>): Promise<Result>;
}

export const streamKey = ({ user, stream }: StreamId): string => `${user}\n${stream}`;

/** How many ledger entries a summary shows. */
export const RECENT_MAX = 20;
