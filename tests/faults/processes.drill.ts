/** Faults 1 and 3: processes of every kind are killed, drained, added and taken away. */
import { afterAll, beforeAll } from '@jest/globals';
import { drainAndScale } from './drain-and-scale.ts';
import { killOthers } from './kill-others.ts';
import { openFaultSystem, type FaultSystem } from './support/fault-system.ts';

const START_MS = 240_000;

let faults: FaultSystem;
const system = (): FaultSystem => faults;
beforeAll(async () => {
  faults = await openFaultSystem({ pools: { transaction: 1 }, quoteDelayMs: 20 });
}, START_MS);
afterAll(() => faults.close(), START_MS);

drainAndScale(system);
killOthers(system);
