/** Forgetting what is over: sessions, tokens, keys. */
import type { Pool } from './pool.ts';
import { statement } from './statement.ts';

/** A bound on one statement: the rest goes the next time. */
const AT_ONCE = 10_000;
/** A little longer than the streams of single writes are: SPEC §6.3. */
const WRITES_KEPT_MS = 25 * 60 * 60 * 1_000;

const SESSIONS = statement(
  'web-sessions-forget',
  `DELETE FROM web_sessions WHERE id IN (
     SELECT id FROM web_sessions WHERE expires_at <= now_ms() LIMIT ${AT_ONCE})`,
);
const TOKENS = statement(
  'web-tokens-forget',
  `DELETE FROM web_tokens WHERE id IN (
     SELECT id FROM web_tokens WHERE expires_at <= now_ms() LIMIT ${AT_ONCE})`,
);
const WRITES = statement(
  'web-writes-forget',
  `DELETE FROM web_writes WHERE (user_id, key) IN (
     SELECT user_id, key FROM web_writes WHERE at < now_ms() - ${WRITES_KEPT_MS} LIMIT ${AT_ONCE})`,
);

export async function forgetOver(pool: Pool): Promise<void> {
  await SESSIONS.run(pool);
  await TOKENS.run(pool);
  await WRITES.run(pool);
}
