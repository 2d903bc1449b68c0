/** Ending everything that opens an account. */
import type { UserId } from '../domain/identity.ts';
import type { Client } from './pool.ts';
import { deleteSessions } from './web-sessions.ts';
import { deleteTokens } from './web-tokens.ts';

/** Ends all sessions and tokens of a user, whose row the transaction has locked. */
export async function endAccess(client: Client, user: UserId): Promise<void> {
  await deleteSessions(client, user);
  await deleteTokens(client, user);
}
