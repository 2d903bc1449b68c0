/** The idempotency keys of the web, which a batch loads and saves: a key's command takes effect once. */
import type { UserId } from '../domain/identity.ts';
import { keyId, type KeyNeed, type UsedKey } from '../ports/batch-store.ts';
import { KEY_LIFETIME_MS } from './idempotency-keys.ts';
import type { Client } from './pool.ts';
import { columnsOf } from './portfolios-save.ts';
import { statement } from './statement.ts';

type UseRow = {
  owner: UserId;
  name: string;
  body_hash: string;
  number: bigint;
  stream: string;
  outcome: string | null;
};

const LOAD = statement<UseRow>(
  'idempotency-keys-load',
  `SELECT user_id AS owner, key AS name, used.body_hash, used.numbers[1] AS number, used.stream,
          used.outcome
     FROM unnest($1::text[], $2::text[], $3::text[]) AS message (user_id, key, stream)
     JOIN idempotency_keys AS used USING (user_id, key)
    WHERE used.expires_at > now_ms() OR used.stream = message.stream`,
);

/**
 * Loads the first uses of keys, by `keyId`. Absent are unused keys, and expired ones unless their first use
 * was by the same message, which then comes a second time.
 */
export async function loadKeys(
  client: Client,
  needs: readonly KeyNeed[],
): Promise<Map<string, UsedKey>> {
  if (needs.length === 0) return new Map();
  const rows = await LOAD.run(
    client,
    needs.map(({ key }) => key.owner),
    needs.map(({ key }) => key.name),
    needs.map(({ stream }) => stream),
  );
  return new Map(
    rows.map(({ owner, name, body_hash: bodyHash, number, stream, outcome }) => [
      keyId({ owner, name }),
      {
        key: { owner, name },
        ...{ bodyHash, number: Number(number), stream, outcome: outcome ?? undefined },
      },
    ]),
  );
}

/** Replaces a row that has expired, or that an earlier version claimed and did not decide. */
const SAVE = statement(
  'idempotency-keys-save',
  `INSERT INTO idempotency_keys (user_id, key, body_hash, numbers, stream, outcome, expires_at)
   SELECT user_id, key, body_hash, ARRAY[number], stream, outcome, $7::bigint
     FROM unnest($1::text[], $2::text[], $3::text[], $4::bigint[], $5::text[], $6::text[])
       AS u (user_id, key, body_hash, number, stream, outcome)
   ON CONFLICT (user_id, key) DO UPDATE
      SET body_hash = EXCLUDED.body_hash, numbers = EXCLUDED.numbers, stream = EXCLUDED.stream,
          outcome = EXCLUDED.outcome, expires_at = EXCLUDED.expires_at`,
);

/** Saves keys that were used for the first time; they expire `KEY_LIFETIME_MS` after `now`. */
export async function saveKeys(
  client: Client,
  uses: readonly UsedKey[],
  now: number,
): Promise<void> {
  if (uses.length === 0) return;
  const columns = columnsOf(
    uses.map(({ key, bodyHash, number, stream, outcome }) => [
      ...[key.owner, key.name, bodyHash, number, stream, outcome ?? null],
    ]),
  );
  await SAVE.run(client, ...columns, now + KEY_LIFETIME_MS);
}
