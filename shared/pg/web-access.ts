/** Ends access to an account on the web. */
import type { UserId } from '../domain/identity.ts';
import type { Client } from './pool.ts';
import { deleteSessions } from './web-sessions.ts';
import { deleteTokens } from './web-tokens.ts';

/** Ends all sessions and tokens of a user. The transaction must have locked the user (`lockWebUsers`). */
export async function endAccess(client: Client, user: UserId): Promise<void> {
  await deleteSessions(client, user);
  await deleteTokens(client, user);
}
