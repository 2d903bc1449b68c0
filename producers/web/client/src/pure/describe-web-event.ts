/** What somebody did with an account, said in a sentence. */
import type { SecurityEntry } from '../../../../../shared/web-api/admin.ts';

type People = { readonly user: string; readonly actor: string };

const SENTENCES: Readonly<Record<string, (people: People) => string>> = {
  'signed-up': ({ user }) => `${user} signed up`,
  'signed-in': ({ user }) => `${user} logged in`,
  'sign-in-failed': ({ user }) => `A log-in as ${user} failed`,
  'signed-out': ({ user }) => `${user} logged out`,
  'password-changed': ({ user }) => `${user} changed the password`,
  'session-ended': ({ user }) => `${user} ended a session`,
  'token-made': ({ user }) => `${user} made a token`,
  'token-revoked': ({ user }) => `${user} revoked a token`,
  'user-handed-out': ({ user, actor }) => `${actor} handed out ${user}`,
  'password-reset': ({ user, actor }) => `${actor} gave ${user} a new password`,
  'whole-log-read': ({ actor }) => `${actor} dumped the whole log`,
  'parked-replayed': ({ actor }) => `${actor} replayed a parked message`,
};

/** Someone at the command line has no name here. An event that is new to this page is shown as it is. */
export function describeWebEvent({ event, user, actor }: SecurityEntry): string {
  const people = { user: user ?? 'nobody', actor: actor ?? 'The command line' };
  return SENTENCES[event]?.(people) ?? event;
}
