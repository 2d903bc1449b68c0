/** Deletes expired sessions and tokens. */
import type { Pool } from './pool.ts';
import { statement } from './statement.ts';

/** The most rows that one statement deletes; the rest is deleted at the next call. */
const AT_ONCE = 10_000;

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

export async function deleteExpiredAccess(pool: Pool): Promise<void> {
  await SESSIONS.run(pool);
  await TOKENS.run(pool);
}
