/** Fault 2, paused before and after the commit. `npm run drill -- pauses` pauses at more steps. */
import { pauseTransaction } from './paused-transaction.ts';

pauseTransaction(['inside the transaction', 'before the ack']);
