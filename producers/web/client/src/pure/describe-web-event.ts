/** Describes an entry of the security log in a sentence. */
import type { SecurityEntry } from '../../../../../shared/web-api/admin.ts';

type People = { readonly user: string; readonly actor: string; readonly detail: string };

const ROLES: Readonly<Record<string, string>> = {
  trader: 'a trader',
  administrator: 'an administrator',
};

const SENTENCES: Readonly<Record<string, (people: People) => string>> = {
  'signed-up': ({ user }) => `${user} signed up`,
  'signed-in': ({ user }) => `${user} logged in`,
  'sign-in-failed': ({ user }) => `A log-in as ${user} failed`,
  'sign-in-refused': ({ user }) => `A log-in as ${user}, who is disabled, was refused`,
  'signed-out': ({ user }) => `${user} logged out`,
  'password-changed': ({ user }) => `${user} changed the password`,
  'session-ended': ({ user }) => `${user} ended a session`,
  'sessions-ended': ({ user, actor }) => `${actor} ended the sessions of ${user}`,
  'token-made': ({ user }) => `${user} made a token`,
  'token-revoked': ({ user }) => `${user} revoked a token`,
  'user-handed-out': ({ user, actor }) => `${actor} handed out ${user}`,
  'password-reset': ({ user, actor }) => `${actor} gave ${user} a new password`,
  'whole-log-read': ({ actor }) => `${actor} dumped the whole log`,
  'whole-log-dumped': ({ actor, detail }) => `${actor} dumped the whole log: ${detail}`,
  'parked-replayed': ({ actor }) => `${actor} replayed a parked message`,
  'user-disabled': ({ user, actor }) => `${actor} disabled ${user}`,
  'user-enabled': ({ user, actor }) => `${actor} enabled ${user}`,
  'role-changed': ({ user, actor, detail }) => `${actor} made ${user} ${ROLES[detail] ?? detail}`,
  refused: ({ actor, detail }) => `${actor} was refused ${detail}`,
};

/** The actor of a refusal without a name. */
const STRANGER = 'Somebody who was not signed in';
/** The actor of any other event without a name. */
const COMMAND_LINE = 'The command line';

/** Returns the sentence of an event; the name of an unknown event. */
export function describeWebEvent({ event, user, actor, detail }: SecurityEntry): string {
  const unnamed = event === 'refused' ? STRANGER : COMMAND_LINE;
  const people = { user: user ?? 'nobody', actor: actor ?? unnamed, detail: detail ?? '' };
  return SENTENCES[event]?.(people) ?? event;
}
