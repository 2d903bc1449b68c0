/** Fault 2: a transaction consumer is paused at each step of its work. */
import { pauseTransaction } from './paused-transaction.ts';

pauseTransaction([
  'inside the transaction',
  'before the commit',
  'after the commit',
  'before the ack',
]);
