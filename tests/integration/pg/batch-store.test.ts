import { insertAudit, insertLeftOver } from '../../../shared/pg/audit-insert.ts';
import { openBatchStore } from '../../../shared/pg/batch-store.ts';
import { openPool } from '../../../shared/pg/pool.ts';
import { batchStoreContract } from '../../contract/batch-store.contract.ts';
import { recordingLogger } from '../../support/recording-logger.ts';
import { openTestDatabase } from '../../support/test-database.ts';

batchStoreContract('PostgreSQL', async () => {
  const { url, close } = await openTestDatabase();
  const log = recordingLogger();
  const pool = openPool({ url, name: 'contract', size: 4, pipeline: true, log });
  const audit = openPool({ url, name: 'contract-audit', size: 4, log });
  return {
    batches: openBatchStore(pool),
    insertAudit: (messages) => insertAudit(audit, messages),
    insertLeftOver: () => insertLeftOver(audit, { olderThanS: 0, most: 1_000 }),
    auditedCount: async () => {
      const { rows } = await audit.query<{ count: bigint }>('SELECT count(*) FROM audit_events');
      return Number(rows[0]?.count ?? 0n);
    },
    close: async () => {
      await Promise.all([pool.end(), audit.end()]);
      await close();
    },
  };
});
