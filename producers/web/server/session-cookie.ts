/**
 * The cookie of a session. Browsers keep the cookies of all ports of a host together, so its name is
 * the system's own: two systems on one host do not sign each other's users out.
 */
import { createHash } from 'node:crypto';

/** A browser takes it over TLS only, for this host only, for every path. */
const PREFIX = '__Host-session-';
/** Of a hash: enough to tell the systems of one host apart. */
const DIGITS = 12;

export const sessionCookieOf = (systemId: string): string =>
  PREFIX + createHash('sha256').update(systemId).digest('hex').slice(0, DIGITS);
