/** Faults 6 to 8: what comes to the system comes twice, late, unreadable, or not at all. */
import { afterAll, beforeAll } from '@jest/globals';
import { deliverInEveryWay } from './delivery.ts';
import { sendPoison } from './poison.ts';
import { failQuoteServer } from './quote-server.ts';
import { openFaultSystem, type FaultSystem } from './support/fault-system.ts';

const START_MS = 240_000;

let faults: FaultSystem;
const system = (): FaultSystem => faults;
beforeAll(async () => {
  faults = await openFaultSystem({ quoteDelayMs: 20 });
}, START_MS);
afterAll(() => faults.close(), START_MS);

deliverInEveryWay(system);
sendPoison(system);
failQuoteServer(system);
