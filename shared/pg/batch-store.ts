/** The batch store on PostgreSQL. On a pipelined connection, a transaction takes two round trips. */
import { instant } from '../domain/time.ts';
import type { BatchStore, BatchTransaction, BatchWrites } from '../ports/batch-store.ts';
import { askDumpAgain, insertDump } from './dumps.ts';
import { appendLedger, loadRecent } from './ledger.ts';
import { insertOutbox, takeNow } from './outbox.ts';
import type { Client, Pool } from './pool.ts';
import { loadPortfolios, lockUsers } from './portfolios-load.ts';
import { savePortfolios } from './portfolios-save.ts';
import { loadStreams, saveStreams } from './streams.ts';
import { inTransaction, type WithCommit } from './transaction.ts';
import { loadKeys, saveKeys } from './used-keys.ts';

export const openBatchStore = (pool: Pool): BatchStore => ({
  inTransaction: (work) =>
    inTransaction(pool, (client, withCommit) => work(transactionOn(client, withCommit))),
});

const transactionOn = (client: Client, withCommit: WithCommit): BatchTransaction => ({
  // In one round trip. The locks come first, so that the statements after them see what they waited for.
  load: async (needs) => {
    const [, { now, outboxId }, portfolios, streams, keys, recent] = await Promise.all([
      lockUsers(client, needs.users),
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
  ...dumps.map((dump) => insertDump(client, dump, at)),
  ...dumpsAskedAgain.map((dump) => askDumpAgain(client, dump)),
];
