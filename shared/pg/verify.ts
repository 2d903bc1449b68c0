/** Runs all checks on one snapshot. */
import type { Client } from './pool.ts';
import { CHECKS, runCheck, type Finding } from './verify-checks.ts';
import { beginVerification } from './verify-view.ts';

/** Checks all stored data at one instant. The connection must not be used again after it. */
export async function verifyStored(
  client: Client,
  orderLifetimeMs: number,
): Promise<readonly Finding[]> {
  await beginVerification(client);
  const findings: Finding[] = [];
  for (const check of CHECKS) findings.push(await runCheck(client, check, orderLifetimeMs));
  return findings;
}
