/**
 * Entry point of the transaction process. A command's way through it: `start.ts` and `shards.ts` receive
 * its message, `lanes.ts` and `batcher.ts` put it into a batch, `commit-batch.ts` loads what it touches,
 * `decide-batch.ts` and `decide-command.ts` decide it, and `publish-batch.ts` answers it after the commit.
 */
import { serve } from '../../shared/service/serve.ts';
import { startTransaction, TRANSACTION_SPEC } from './start.ts';

await serve('transaction', TRANSACTION_SPEC, startTransaction);
