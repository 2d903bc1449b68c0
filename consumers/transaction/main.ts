/** Entry point of the transaction process. */
import { serve } from '../../shared/service/serve.ts';
import { startTransaction, TRANSACTION_SPEC } from './start.ts';

await serve('transaction', TRANSACTION_SPEC, (service) => startTransaction(service));
