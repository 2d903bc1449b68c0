/** Applies the policies to the broker; idempotent. */
import { POLICIES } from '../../shared/messages/policies.ts';
import { policyBody } from './definitions.ts';
import type { Management } from '../../shared/amqp/management.ts';

export async function applyPolicies(management: Management, virtualHost: string): Promise<void> {
  for (const policy of POLICIES) {
    await management.ask('PUT', ['policies', virtualHost, policy.name], policyBody(policy));
  }
}
