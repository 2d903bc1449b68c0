/**
 * Names the session cookie. Browsers share the cookies of a host between all its ports, so each system has
 * a name of its own: two systems on one host do not sign each other's users out.
 */
import { createHash } from 'node:crypto';

/** With this prefix, browsers accept the cookie only over TLS, for this host alone and for every path. */
const PREFIX = '__Host-session-';
/** Digits of the hash: enough to distinguish the systems of one host. */
const DIGITS = 12;

export const sessionCookieOf = (systemId: string): string =>
  PREFIX + createHash('sha256').update(systemId).digest('hex').slice(0, DIGITS);
