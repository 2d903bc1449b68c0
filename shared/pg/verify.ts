/** Running every check on one snapshot. */
import type { Client } from './pool.ts';
import { CHECKS, runCheck, type Finding } from './verify-checks.ts';
import { beginVerification } from './verify-view.ts';

/** Looks at all that is stored, as it is at one instant; the connection is not to be used after it. */
export async function verifyStored(
  client: Client,
  orderLifetimeMs: number,
): Promise<readonly Finding[]> {
  await beginVerification(client);
  const findings: Finding[] = [];
  for (const check of CHECKS) findings.push(await runCheck(client, check, orderLifetimeMs));
  return findings;
}
