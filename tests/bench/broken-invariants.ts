/** Reconciles what a run has stored, as `daytrade verify` does. */
import type { Bed } from '../../infra/capacity/bed.ts';
import { verifyStored } from '../../shared/pg/verify.ts';

/** Resolves to the names of the invariants that do not hold. */
export async function brokenInvariants({ pool, config }: Bed): Promise<readonly string[]> {
  const client = await pool.connect();
  try {
    const findings = await verifyStored(client, config.orderLifetimeMs);
    return findings.filter(({ offenders }) => offenders > 0).map(({ name }) => name);
  } finally {
    // The check has made a view on this connection.
    client.release(true);
  }
}
