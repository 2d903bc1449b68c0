/** The port through which a batch of commands loads and saves, in one transaction that locks its users. */
import type { IdempotencyKey, StockSymbol, UserId } from '../domain/identity.ts';
import type { LedgerEntry } from '../domain/ledger.ts';
import type { Portfolio } from '../domain/portfolio.ts';
import type { Instant } from '../domain/time.ts';

export type StreamId = { readonly user: UserId; readonly stream: string };

/** The state of a stream for one user. `last` is the position that was done last, or 0. */
export type StreamState = {
  readonly last: number;
  readonly lastOutcome: string | undefined;
  readonly bodyHash: string | undefined;
};

export type StreamAdvance = StreamId & StreamState & { readonly at: number };

/** The first use of an idempotency key of the web. */
export type UsedKey = {
  readonly key: IdempotencyKey;
  readonly bodyHash: string;
  readonly number: number;
  readonly stream: string;
  /** The outcome as JSON; undefined if the command is not decided, which only earlier versions leave behind. */
  readonly outcome: string | undefined;
};

export type KeyNeed = Pick<UsedKey, 'key' | 'stream'>;

/**
 * An entry with the command that caused it. The entry of a firing has no stream and no position, and its
 * number is that of the command that armed the trigger.
 */
export type LedgerLine = LedgerEntry & {
  readonly user: UserId;
  readonly at: number;
  readonly stream: string | undefined;
  readonly position: number | undefined;
  readonly number: number;
};

/** The fields of an entry that a summary shows; money in cents. */
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

/** One user's portfolio as it was loaded and as the batch leaves it. */
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
  /** `user`: the events of that user; `all`: the whole log. */
  readonly scope: 'user' | 'all';
  /** The file name, relative to the folder of its owner's dumps. */
  readonly file: string;
  readonly replyTo: string | undefined;
  /** The id of the message with the command; the answer carries it. */
  readonly correlationId: string;
};

export type PortfolioNeeds = {
  /** All users of the batch, each once. */
  readonly users: readonly UserId[];
  /** The symbols that commands name: their holdings and triggers are loaded. */
  readonly pairs: readonly { readonly user: UserId; readonly symbol: StockSymbol }[];
  /** Users whose holdings, triggers and recent ledger entries are all loaded. */
  readonly whole: readonly UserId[];
};

/** Everything that the commands of a batch can touch. */
export type BatchNeeds = PortfolioNeeds & {
  readonly streams: readonly StreamId[];
  /** Keys, each with the stream of the message that uses it. */
  readonly keys: readonly KeyNeed[];
};

/** The data loaded under the users' locks. `now` is the database's time, for every decision of the batch. */
export type LoadedBatch = {
  readonly now: Instant;
  /** Has an entry for every user of the batch: the empty portfolio if there is no account. */
  readonly portfolios: ReadonlyMap<UserId, Portfolio>;
  /** Keyed by `streamKey`. Streams without a position done are absent. */
  readonly streams: ReadonlyMap<string, StreamState>;
  /** Keyed by `keyId`. A key is absent if it was not used, or has expired since its use by another message. */
  readonly keys: ReadonlyMap<string, UsedKey>;
  /** The latest `RECENT_MAX` ledger entries of the users in `whole`, the latest first. */
  readonly recent: ReadonlyMap<UserId, readonly RecentEntry[]>;
};

export type BatchWrites = {
  readonly changes: readonly PortfolioChange[];
  readonly ledger: readonly LedgerLine[];
  readonly advances: readonly StreamAdvance[];
  /** The keys that the batch used first. */
  readonly keys: readonly UsedKey[];
  readonly dumps: readonly DumpRequest[];
  readonly dumpsAskedAgain: readonly DumpRequest[];
};

export interface BatchTransaction {
  /**
   * Locks the users until the transaction ends, then loads. All transactions lock in the order of names,
   * so that no two wait for each other. `outboxId` is new.
   */
  load(needs: BatchNeeds): Promise<{ readonly loaded: LoadedBatch; readonly outboxId: string }>;
  /**
   * Writes the changes, the outbox row `outboxId` with the audit message `body`, and what the feed is told; neither
   * if it is empty.
   * Does not wait: if a write fails, the transaction fails.
   */
  save(
    writes: BatchWrites,
    at: {
      readonly outboxId: string;
      readonly now: Instant;
      readonly body: string;
      readonly feed: string;
    },
  ): void;
}

export interface BatchStore {
  /**
   * Runs `work` in one transaction. If it resolves, everything saved is committed; if it rejects, nothing
   * is. The exception is a `TransientError`: the commit may have succeeded and its answer been lost.
   */
  inTransaction<Result>(work: (transaction: BatchTransaction) => Promise<Result>): Promise<Result>;
}

/** The key of a stream in maps. It is unique, because user names contain no line feed. */
export const streamKey = ({ user, stream }: StreamId): string => `${user}\n${stream}`;

/** The id of a key in maps. */
export const keyId = ({ owner, name }: IdempotencyKey): string => `${owner}\n${name}`;

/** The number of ledger entries that a summary shows. */
export const RECENT_MAX = 20;
