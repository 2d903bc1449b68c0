/** A fault system whose transaction consumers reach the database by a proxy that can lose answers. */
import { afterAll, beforeAll } from '@jest/globals';
import { openFaultSystem, type FaultSystem } from './fault-system.ts';
import { openLossyProxy, type LossyProxy } from './lossy-proxy.ts';

const START_MS = 240_000;

export type ProxiedSystem = {
  readonly faults: () => FaultSystem;
  /** The proxy between the transaction consumers and the database. */
  readonly proxy: () => LossyProxy;
};

/** Opens the system for a suite, and closes it after the suite. */
export function useProxiedSystem(): ProxiedSystem {
  let faults: FaultSystem;
  let proxy: LossyProxy;
  beforeAll(async () => {
    proxy = await openLossyProxy();
    faults = await openFaultSystem({
      quoteDelayMs: 20,
      override: (name, databaseUrl) =>
        name.startsWith('transaction')
          ? { env: { DATABASE_URL: proxy.inFrontOf(databaseUrl) } }
          : {},
    });
  }, START_MS);
  afterAll(async () => {
    await faults.close();
    await proxy.close();
  }, START_MS);
  return { faults: () => faults, proxy: () => proxy };
}
