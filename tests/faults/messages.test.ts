/** Faults 5 to 8: messages, quotes and commits' answers come twice, late, unreadable, or not at all. */
import { afterAll, beforeAll } from '@jest/globals';
import { deliverInEveryWay } from './delivery.ts';
import { loseCommits } from './lost-commits.ts';
import { sendPoison } from './poison.ts';
import { failQuoteServer } from './quote-server.ts';
import { openFaultSystem, type FaultSystem } from './support/fault-system.ts';
import { openLossyProxy, type LossyProxy } from './support/lossy-proxy.ts';

const START_MS = 240_000;

let faults: FaultSystem;
let proxy: LossyProxy;
const system = (): FaultSystem => faults;
beforeAll(async () => {
  proxy = await openLossyProxy();
  faults = await openFaultSystem({
    quoteDelayMs: 20,
    override: (name, databaseUrl) =>
      name.startsWith('transaction') ? { env: { DATABASE_URL: proxy.inFrontOf(databaseUrl) } } : {},
  });
}, START_MS);
afterAll(async () => {
  await faults.close();
  await proxy.close();
}, START_MS);

deliverInEveryWay(system);
sendPoison(system);
failQuoteServer(system);
loseCommits(system, () => proxy);
