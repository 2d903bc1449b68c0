/** Fault 2, with and without its commit done. `npm run drill -- pauses` pauses at more steps. */
import { pauseTransaction } from './paused-transaction.ts';

pauseTransaction(['inside the transaction', 'before the ack']);
