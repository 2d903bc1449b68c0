/** The batch store on PostgreSQL. On a pipelined connection, a transaction takes two round trips. */
import { LRUCache } from 'lru-cache';
import type { UserId } from '../domain/identity.ts';
import { instant } from '../domain/time.ts';
import type { BatchStore, BatchTransaction, BatchWrites } from '../ports/batch-store.ts';
import { askDumpAgain, insertDump } from './dumps.ts';
import { insertFeed } from './feed.ts';
import { appendLedger, loadRecent } from './ledger.ts';
import { insertOutbox, takeNow } from './outbox.ts';
import type { Client, Pool } from './pool.ts';
import { loadPortfolios, lockUsers } from './portfolios-load.ts';
import { savePortfolios } from './portfolios-save.ts';
import { loadStreams, saveStreams } from './streams.ts';
import { inTransaction, type WithCommit } from './transaction.ts';
import { loadKeys, saveKeys } from './used-keys.ts';

/** The users whose rows this process knows to exist; the least recently used is forgotten. */
const KNOWN_USERS_MAX = 100_000;

export function openBatchStore(pool: Pool): BatchStore {
  const known = new LRUCache<UserId, true>({ max: KNOWN_USERS_MAX });
  return {
    inTransaction: async (work) => {
      let users: readonly UserId[] = [];
      const lock = async (client: Client, needed: readonly UserId[]): Promise<void> => {
        users = needed;
        await lockUsers(client, users, { areKnown: users.every((user) => known.has(user)) });
      };
      try {
        const result = await inTransaction(pool, (client, withCommit) =>
          work(transactionOn(client, withCommit, lock)),
        );
        for (const user of users) known.set(user, true);
        return result;
      } catch (error) {
        for (const user of users) known.delete(user);
        throw error;
      }
    },
  };
}

const transactionOn = (
  client: Client,
  withCommit: WithCommit,
  lock: (client: Client, users: readonly UserId[]) => Promise<void>,
): BatchTransaction => ({
  // In one round trip. The locks come first, so that the statements after them see what they waited for.
  load: async (needs) => {
    const [, { now, outboxId }, portfolios, streams, keys, recent] = await Promise.all([
      lock(client, needs.users),
      takeNow(client),
      loadPortfolios(client, needs),
      loadStreams(client, needs.streams),
      loadKeys(client, needs.keys),
      loadRecent(client, needs.whole),
    ]);
    return { loaded: { now: instant(now), portfolios, streams, keys, recent }, outboxId };
  },
  save: (writes, at) => {
    withCommit(statementsOf(client, writes, at));
  },
});

const statementsOf = (
  client: Client,
  { changes, advances, keys, ledger, dumps, dumpsAskedAgain }: BatchWrites,
  at: Parameters<BatchTransaction['save']>[1],
): readonly Promise<unknown>[] => [
  ...savePortfolios(client, changes),
  saveStreams(client, advances),
  saveKeys(client, keys, at.now),
  appendLedger(client, ledger),
  ...(at.body === '' ? [] : [insertOutbox(client, at.outboxId, at.body)]),
  ...(at.feed === '' ? [] : [insertFeed(client, at.outboxId, at.feed)]),
  ...dumps.map((dump) => insertDump(client, dump, at)),
  ...dumpsAskedAgain.map((dump) => askDumpAgain(client, dump)),
];
