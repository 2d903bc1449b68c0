/** Fault 1: transaction processes are killed at each step of their work. `npm run drill -- processes` has the rest. */
import { afterAll, beforeAll } from '@jest/globals';
import { killTransaction } from './kill-transaction.ts';
import { openFaultSystem, type FaultSystem } from './support/fault-system.ts';

const START_MS = 240_000;

let faults: FaultSystem;
beforeAll(async () => {
  faults = await openFaultSystem({ quoteDelayMs: 20 });
}, START_MS);
afterAll(() => faults.close(), START_MS);

killTransaction(() => faults);
