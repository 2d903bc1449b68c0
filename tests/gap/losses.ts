/** What a probe was told to be stored, against what is: whatever lacks was lost. */
import { rowsWhenUp } from '../support/rows-when-up.ts';
import type { Probe } from './probe.ts';

/** Rejects, naming them, where users of the probe have fewer cents than were acknowledged by now. */
export async function expectNoLosses(
  probe: Probe,
  { databaseUrl }: { readonly databaseUrl: string },
  when: string,
): Promise<void> {
  // What is acknowledged while the balances are read cannot be in them.
  const acknowledged = new Map(probe.acknowledged());
  const rows = await rowsWhenUp<{ user_id: string; balance: bigint }>(
    databaseUrl,
    'SELECT user_id, balance FROM accounts WHERE user_id = ANY ($1::text[])',
    [[...acknowledged.keys()]],
  );
  const stored = new Map(rows.map(({ user_id, balance }) => [user_id, Number(balance)]));
  const losses = [...acknowledged]
    .filter(([user, cents]) => (stored.get(user) ?? 0) < cents)
    .map(([user, cents]) => `${user} has ${stored.get(user) ?? 0} of ${cents} cents`);
  if (losses.length > 0) throw new Error(`lost ${when}: ${losses.join(', ')}`);
}
