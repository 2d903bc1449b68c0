/** A database in memory that keeps the promises of the store's ports: locks, all or nothing, one claim a row. */
import type { StockSymbol, UserId } from '../../shared/domain/identity.ts';
import { instant } from '../../shared/domain/time.ts';
import type { UserFiring } from '../../shared/messages/command-message.ts';
import type { ReceivedQuote } from '../../shared/domain/quote.ts';
import type { AuditMessage } from '../../shared/pg/audit-insert.ts';
import type { StaleSymbol } from '../../shared/pg/armed-triggers.ts';
import type { QuoteClaims } from '../../shared/pg/quote-claims.ts';
import type { BatchStore, BatchTransaction } from '../../shared/ports/batch-store.ts';
import type { QuoteStore } from '../../shared/ports/quote-store.ts';
import { TransientError } from '../../shared/runtime/errors.ts';
import { loadBatch, planBatch } from './memory-batch.ts';
import { UserLocks } from './memory-locks.ts';
import { auditRowsIn, emptyTables, type OutboxRow, type Tables } from './memory-tables.ts';

type Transaction = { isOver: boolean; readonly writes: (() => void)[] };

/** The session of one process. Its end rolls back its transactions and frees its claims. */
export interface Session {
  readonly batches: BatchStore;
  readonly quotes: QuoteStore;
  readonly claims: QuoteClaims;
  end(): void;
}

export class MemoryDatabase {
  readonly tables: Tables = emptyTables();
  /** Counts the transactions that took effect. */
  commits = 0;
  readonly #clock: () => number;
  readonly #locks = new UserLocks();
  readonly #claimed = new Map<StockSymbol, object>();
  #outboxIds = 0;

  /** `clock` returns the time of the database in Unix milliseconds. */
  constructor(clock: () => number) {
    this.#clock = clock;
  }

  now(): number {
    return Math.floor(this.#clock());
  }

  takeNow(): { readonly now: number; readonly outboxId: string } {
    this.#outboxIds += 1;
    return { now: this.now(), outboxId: this.#outboxIds.toString() };
  }

  session(): Session {
    const open = new Set<Transaction>();
    const owner = {};
    return {
      batches: { inTransaction: (work) => this.#inTransaction(open, work) },
      quotes: {
        takeNow: () => Promise.resolve(this.takeNow()),
        commitHit: (record, isAgain) => settled(() => this.#commitHit(record, isAgain)),
      },
      claims: {
        claim: (symbol) => Promise.resolve(this.#claim(symbol, owner)),
        holds: (symbol) => this.#claimed.get(symbol) === owner,
        release: (symbol) => settled(() => this.#release(symbol, owner)),
        close: () => Promise.resolve(),
      },
      end: () => {
        for (const transaction of open) this.#end(transaction);
        for (const symbol of this.#claimed.keys()) this.#release(symbol, owner);
      },
    };
  }

  async #inTransaction<Result>(
    open: Set<Transaction>,
    work: (transaction: BatchTransaction) => Promise<Result>,
  ): Promise<Result> {
    const own: Transaction = { isOver: false, writes: [] };
    open.add(own);
    const demandOpen = (): void => {
      if (own.isOver) throw new TransientError('database-unavailable', 'the session was ended');
    };
    try {
      const result = await work({
        load: async (needs) => {
          demandOpen();
          await this.#locks.take(own, needs.users);
          demandOpen();
          const { now, outboxId } = this.takeNow();
          return { loaded: loadBatch(this.tables, needs, instant(now)), outboxId };
        },
        save: (writes, at) => {
          demandOpen();
          const outbox = { id: at.outboxId, at: this.now(), body: at.body };
          own.writes.push(...planBatch(this.tables, writes, outbox));
        },
      });
      demandOpen();
      for (const write of own.writes) write();
      this.commits += 1;
      return result;
    } finally {
      open.delete(own);
      this.#end(own);
    }
  }

  #end(transaction: Transaction): void {
    transaction.isOver = true;
    this.#locks.free(transaction);
  }

  #commitHit(record: Parameters<QuoteStore['commitHit']>[0], isAgain: boolean): void {
    const { quote, audit } = record;
    const { quotes, history, outbox } = this.tables;
    const isNew = !history.some(
      ({ quote: { symbol, receivedAt } }) =>
        symbol === quote.symbol && receivedAt === quote.receivedAt,
    );
    const present = quotes.get(quote.symbol);
    if (present === undefined || present.receivedAt <= quote.receivedAt) {
      quotes.set(quote.symbol, quote);
    }
    if (isNew) history.push(record);
    if (isNew || !isAgain) outbox.set(audit.id, { ...audit, at: this.now() });
    this.commits += 1;
  }

  #claim(symbol: StockSymbol, owner: object): boolean {
    const holder = this.#claimed.get(symbol) ?? owner;
    this.#claimed.set(symbol, holder);
    return holder === owner;
  }

  #release(symbol: StockSymbol, owner: object): void {
    if (this.#claimed.get(symbol) === owner) this.#claimed.delete(symbol);
  }

  loadQuote(symbol: StockSymbol): ReceivedQuote | undefined {
    return this.tables.quotes.get(symbol);
  }

  /** The row is the claim: a message whose row is gone adds nothing. */
  insertAudit(messages: readonly AuditMessage[]): number {
    const { outbox, audit } = this.tables;
    const claimed = messages.filter(({ outboxId }) => outbox.delete(outboxId));
    for (const { body } of claimed) audit.push(...auditRowsIn(body.toString()));
    this.commits += 1;
    return claimed.length;
  }

  insertLeftOver({
    olderThanS,
    most,
  }: {
    readonly olderThanS: number;
    readonly most: number;
  }): number {
    const isLeft = ({ at }: OutboxRow): boolean => at < this.now() - olderThanS * 1_000;
    const left = [...this.tables.outbox.values()].filter(isLeft).slice(0, most);
    return this.insertAudit(
      left.map(({ id, body }) => ({ outboxId: id, body: Buffer.from(body) })),
    );
  }

  positions(stream: string): Map<UserId, number> {
    const users = [...this.tables.users];
    return new Map(users.map(([user, rows]) => [user, rows.streams.get(stream)?.last ?? 0]));
  }

  triggersMetBy({ symbol, price }: Pick<ReceivedQuote, 'symbol' | 'price'>): readonly UserFiring[] {
    return this.#armed().flatMap(({ firing, price: wanted }) => {
      const isMet = firing.firing.side === 'buy' ? wanted >= price : wanted <= price;
      return firing.firing.symbol === symbol && isMet ? [firing] : [];
    });
  }

  triggersMetByLatest(quoteLifetimeMs: number): readonly UserFiring[] {
    const fresh = [...this.tables.quotes.values()].filter((quote) =>
      this.#isFresh(quote, quoteLifetimeMs),
    );
    return fresh.flatMap((quote) => this.triggersMetBy(quote));
  }

  staleSymbols(quoteLifetimeMs: number): readonly StaleSymbol[] {
    const oldest = new Map<StockSymbol, StaleSymbol>();
    for (const { firing, number } of this.#armed()) {
      const { symbol, armingId } = firing.firing;
      const quote = this.tables.quotes.get(symbol);
      if (quote !== undefined && this.#isFresh(quote, quoteLifetimeMs)) continue;
      const known = oldest.get(symbol);
      if (known !== undefined && known.armingId < armingId) continue;
      oldest.set(symbol, { symbol, user: firing.user, number, armingId });
    }
    return [...oldest.values()];
  }

  #isFresh({ receivedAt }: ReceivedQuote, quoteLifetimeMs: number): boolean {
    return receivedAt + quoteLifetimeMs > this.now();
  }

  #armed(): { readonly firing: UserFiring; readonly price: bigint; readonly number: number }[] {
    return [...this.tables.users].flatMap(([user, { buyTriggers, sellTriggers }]) =>
      (['buy', 'sell'] as const).flatMap((side) =>
        [...(side === 'buy' ? buyTriggers : sellTriggers)].flatMap(([symbol, { arming }]) => {
          if (arming === undefined) return [];
          const { id: armingId, price, number } = arming;
          const firing = { type: 'FIRE_TRIGGER', side, symbol, armingId } as const;
          return [{ firing: { type: 'firing', user, firing } as const, price, number }];
        }),
      ),
    );
  }
}

const settled = (work: () => void): Promise<void> => Promise.resolve().then(work);
