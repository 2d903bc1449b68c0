/** Runs all checks on one snapshot. */
import type { Client } from './pool.ts';
import { CHECKS, runCheck, type Check, type Finding } from './verify-checks.ts';
import { beginVerification } from './verify-view.ts';

/**
 * Checks all stored data at one instant; with `at`, what the ledger and the log say of that instant. The connection
 * must not be used again after it.
 */
export async function verifyStored(
  client: Client,
  orderLifetimeMs: number,
  at?: number,
): Promise<readonly Finding[]> {
  await beginVerification(client, at);
  const findings: Finding[] = [];
  for (const check of CHECKS) {
    const isChecked = at === undefined || check.isOfPresent !== true;
    findings.push(isChecked ? await runCheck(client, check, orderLifetimeMs) : leftOut(check));
  }
  return findings;
}

const leftOut = ({ name }: Check): Finding => ({
  name,
  looked: 0,
  offenders: 0,
  first: [],
  notChecked: 'only the present is stored beside the ledger',
});
