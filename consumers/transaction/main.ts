/** Entry point of the transaction process. */
import { runProcess } from '../../shared/runtime/lifecycle.ts';
import { startTransaction } from './start.ts';

await runProcess('transaction', (context) => startTransaction(context));
