/** What every store of batches must do, the one in memory as PostgreSQL: handlers rely on it. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { armingId, type StockSymbol, type UserId } from '../../shared/domain/identity.ts';
import { cents, NO_MONEY } from '../../shared/domain/money.ts';
import { EMPTY_PORTFOLIO, type Portfolio } from '../../shared/domain/portfolio.ts';
import { NO_SHARES, shares } from '../../shared/domain/shares.ts';
import { instant, type Instant } from '../../shared/domain/time.ts';
import { renderAuditRows } from '../../shared/messages/audit-entry.ts';
import type { AuditMessage } from '../../shared/pg/audit-insert.ts';
import {
  keyId,
  streamKey,
  type BatchStore,
  type BatchTransaction,
  type BatchWrites,
  type LedgerLine,
  type LoadedBatch,
} from '../../shared/ports/batch-store.ts';
import { TransientError } from '../../shared/runtime/errors.ts';
import { deferred } from '../../shared/runtime/deferred.ts';

export type StoreUnderTest = {
  readonly batches: BatchStore;
  /** Stores those that were not stored before; says how many. */
  readonly insertAudit: (messages: readonly AuditMessage[]) => Promise<number>;
  readonly insertLeftOver: () => Promise<number>;
  readonly auditedCount: () => Promise<number>;
  readonly close: () => Promise<void>;
};

const ABC = 'ABC' as StockSymbol;
const XYZ = 'XYZ' as StockSymbol;
const STREAM = 'run:contract';
const KEY = 'key-of-contract';
const ARMING = armingId('00000000-0000-7000-8000-000000000001');
const NOTHING: BatchWrites = {
  ...{ changes: [], ledger: [], advances: [], keys: [], dumps: [], dumpsAskedAgain: [] },
};

const needsOf = (user: UserId, symbol: StockSymbol = ABC) => ({
  ...{ users: [user], pairs: [{ user, symbol }], whole: [], streams: [{ user, stream: STREAM }] },
  keys: [{ key: { owner: user, name: KEY }, stream: 'web:other' }],
});

const rich = (balance: bigint): Portfolio => ({
  ...EMPTY_PORTFOLIO,
  ...{ opened: true, balance: cents(balance), ordersPlaced: 2 },
  holdings: new Map([
    [ABC, shares(5)],
    [XYZ, shares(7)],
  ]),
  buys: [{ no: 1, symbol: ABC, shares: shares(2), price: cents(9), at: instant(1_000) }],
  sells: [{ no: 2, symbol: XYZ, shares: shares(1), price: cents(8), at: instant(1_001) }],
  buyTriggers: new Map([
    [ABC, { amount: cents(40), arming: { id: ARMING, price: cents(6), number: 3 } }],
  ]),
  sellTriggers: new Map([[XYZ, { amount: cents(50), arming: undefined }]]),
});

const firedLine = (user: UserId): LedgerLine => ({
  ...{ event: 'BuyTriggerFired', symbol: ABC, price: cents(5), armingId: ARMING, user, at: 1_000 },
  ...{ stream: undefined, position: undefined, number: 3, balance: NO_MONEY, deposited: NO_MONEY },
  ...{ reserve: cents(-40), traded: cents(-40) },
  ...{ holding: shares(8), tradedShares: shares(8), reservedShares: NO_SHARES },
});

/** `open` makes a store that nobody else uses. */
export function batchStoreContract(name: string, open: () => Promise<StoreUnderTest>): void {
  describe(`${name} as a store of batches`, () => {
    let store: StoreUnderTest;
    let users = 0;
    beforeAll(async () => {
      store = await open();
    });
    afterAll(async () => {
      await store.close();
    });
    /** Each test has its own users. */
    const someone = (): UserId => {
      users += 1;
      return `user-${users}` as UserId;
    };
    const read = (user: UserId, symbol?: StockSymbol): Promise<LoadedBatch> =>
      store.batches.inTransaction(async (tx) => (await tx.load(needsOf(user, symbol))).loaded);
    /** Loads, saves what `writesOf` says, and gives the id of its outbox row. */
    const write = (
      user: UserId,
      writesOf: (loaded: LoadedBatch) => Partial<BatchWrites>,
      andThen: (tx: BatchTransaction) => Promise<unknown> = () => Promise.resolve(),
    ): Promise<{ readonly id: string; readonly body: string }> =>
      store.batches.inTransaction(async (tx) => {
        const { loaded, outboxId } = await tx.load(needsOf(user));
        const body = bodyOf(user, loaded.now, outboxId);
        const writes = { ...NOTHING, ...writesOf(loaded) };
        tx.save(writes, { outboxId, now: loaded.now, body, feed: '' });
        await andThen(tx);
        return { id: outboxId, body };
      });
    const settle = (user: UserId, after: Portfolio) => (loaded: LoadedBatch) => ({
      changes: [{ user, before: loaded.portfolios.get(user) ?? EMPTY_PORTFOLIO, after }],
    });

    it('gives a user that it never saw the empty portfolio, and no stream', async () => {
      const user = someone();
      const { portfolios, streams } = await read(user);
      expect(portfolios.get(user)).toEqual(EMPTY_PORTFOLIO);
      expect(streams.size).toBe(0);
    });

    it('gives back what was saved, of the symbols that are asked for and of those of orders', async () => {
      const user = someone();
      await write(user, settle(user, rich(100n)));
      const { portfolios } = await read(user);
      expect(portfolios.get(user)).toEqual({ ...rich(100n), sellTriggers: new Map() });
      expect((await read(user, XYZ)).portfolios.get(user)).toEqual({
        ...rich(100n),
        buyTriggers: new Map(),
      });
    });

    it('writes the differences: what is gone is gone, what stays stays', async () => {
      const user = someone();
      await write(user, settle(user, rich(100n)));
      await write(user, (loaded) => {
        const before = loaded.portfolios.get(user) ?? EMPTY_PORTFOLIO;
        const after = { ...before, balance: cents(1), buys: [], buyTriggers: new Map() };
        return { changes: [{ user, before, after }] };
      });
      const { portfolios } = await read(user, XYZ);
      expect(portfolios.get(user)).toEqual({
        ...rich(1n),
        ...{ holdings: new Map([[XYZ, shares(7)]]), buys: [], buyTriggers: new Map() },
      });
    });

    it('moves a stream on and keeps the hash of its body', async () => {
      const user = someone();
      const advance = (last: number, bodyHash: string | undefined) => () => ({
        advances: [{ user, stream: STREAM, last, lastOutcome: '{"is":"done"}', bodyHash, at: 1 }],
      });
      await write(user, advance(3, 'hash'));
      await write(user, advance(5, undefined));
      const state = (await read(user)).streams.get(streamKey({ user, stream: STREAM }));
      expect(state).toEqual({ last: 5, lastOutcome: '{"is":"done"}', bodyHash: 'hash' });
    });

    it('gives back what a key stands for, with the outcome', async () => {
      const user = someone();
      const key = { owner: user, name: KEY };
      const used = { key, bodyHash: 'hash', number: 77, stream: 'web:contract@1' };
      expect((await read(user)).keys.size).toBe(0);
      await write(user, () => ({ keys: [{ ...used, outcome: '{"is":"accepted"}' }] }));
      const { keys } = await read(user);
      expect([...keys]).toEqual([[keyId(key), { ...used, outcome: '{"is":"accepted"}' }]]);
    });

    it('changes nothing where the work fails, not even the outbox', async () => {
      const user = someone();
      const fail = (): Promise<never> => Promise.reject(new Error('no further'));
      await expect(write(user, settle(user, rich(100n)), fail)).rejects.toThrow('no further');
      expect((await read(user)).portfolios.get(user)).toEqual(EMPTY_PORTFOLIO);
    });

    it('lets the next batch of a user wait, and see what the first one did', async () => {
      const user = someone();
      const [isSaved, mayEnd] = [deferred(), deferred()];
      const order: string[] = [];
      const first = write(user, settle(user, rich(100n)), async () => {
        isSaved.resolve();
        await mayEnd.promise;
        order.push('first');
      });
      await isSaved.promise;
      const second = read(user).then((loaded) => {
        order.push('second');
        return loaded;
      });
      await read(someone());
      mayEnd.resolve();
      await first;
      expect((await second).portfolios.get(user)?.balance).toBe(100n);
      expect(order).toEqual(['first', 'second']);
    });

    it('lets batches of several users go on, in whatever order each names them', async () => {
      const [one, other] = [someone(), someone()];
      const both = (named: readonly UserId[]): Promise<unknown> =>
        store.batches.inTransaction((tx) =>
          tx.load({ users: named, pairs: [], whole: [], streams: [], keys: [] }),
        );
      const rounds = Array.from({ length: 10 }, () => [both([one, other]), both([other, one])]);
      await Promise.all(rounds.flat());
    });

    it('refuses a balance below nothing, for good and without effect', async () => {
      const user = someone();
      const refused = write(user, settle(user, { ...rich(100n), balance: cents(-1) }));
      await expect(refused).rejects.not.toBeInstanceOf(TransientError);
      expect((await read(user)).portfolios.get(user)).toEqual(EMPTY_PORTFOLIO);
    });

    it('refuses that an arming fires a second time', async () => {
      const user = someone();
      const fire = (): Promise<unknown> => write(user, () => ({ ledger: [firedLine(user)] }));
      await fire();
      await expect(fire()).rejects.toThrow(/ledger_fired_once/);
    });

    it('shows the latest ledger entries first, to whoever asks for everything', async () => {
      const user = someone();
      const added = (at: number): LedgerLine => ({
        ...firedLine(user),
        ...{ event: 'FundsAdded', armingId: undefined, reserve: NO_MONEY, at },
        ...{ balance: cents(at), deposited: cents(at), traded: NO_MONEY },
        ...{ holding: NO_SHARES, tradedShares: NO_SHARES },
      });
      const lines = Array.from({ length: 25 }, (_, index) => added(index + 1));
      await write(user, () => ({ ledger: lines }));
      const { recent } = await store.batches.inTransaction(
        async (tx) => (await tx.load({ ...needsOf(user), whole: [user] })).loaded,
      );
      const times = recent.get(user)?.map(({ at }) => at);
      expect(times).toEqual(Array.from({ length: 20 }, (_, index) => 25 - index));
    });

    it('stores an audit message once, however often and by however many it comes', async () => {
      const row = await write(someone(), () => ({}));
      const message = { outboxId: row.id, body: Buffer.from(row.body) };
      const before = await store.auditedCount();
      const inserts = [1, 2, 3].map(() => store.insertAudit([message, message]));
      const stored = await Promise.all(inserts);
      expect(stored.reduce((sum, count) => sum + count, 0)).toBe(1);
      await store.insertLeftOver();
      expect(await store.insertAudit([message])).toBe(0);
      const others = (await store.auditedCount()) - before - 1;
      expect(others).toBeGreaterThanOrEqual(0);
    });

    it('finds what was committed and never came, and what came late adds nothing', async () => {
      await store.insertLeftOver();
      const row = await write(someone(), () => ({}));
      const before = await store.auditedCount();
      expect(await store.insertLeftOver()).toBe(1);
      expect(await store.insertAudit([{ outboxId: row.id, body: Buffer.from(row.body) }])).toBe(0);
      expect(await store.auditedCount()).toBe(before + 1);
    });
  });
}

/** One audit row, with what COPY must escape. */
const bodyOf = (user: UserId, now: Instant, outboxId: string): string =>
  renderAuditRows(
    [
      {
        ...{ kind: 'errorEvent', at: now, server: 'contract-1', number: 1, user },
        ...{ command: 'ADD', message: 'a tab \t, a back\\slash\nand a line' },
      },
    ],
    outboxId,
  );
