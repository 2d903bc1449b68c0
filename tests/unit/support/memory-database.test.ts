import { batchStoreContract } from '../../contract/batch-store.contract.ts';
import { MemoryDatabase } from '../../support/memory-database.ts';

batchStoreContract('the database in memory', () => {
  let now = 1_700_000_000_000;
  const database = new MemoryDatabase(() => now);
  return Promise.resolve({
    batches: database.session().batches,
    insertAudit: (messages) => Promise.resolve(database.insertAudit(messages)),
    insertLeftOver: () => {
      now += 10;
      return Promise.resolve(database.insertLeftOver({ olderThanS: 0, most: 1_000 }));
    },
    auditedCount: () => Promise.resolve(database.tables.audit.length),
    close: () => Promise.resolve(),
  });
});
