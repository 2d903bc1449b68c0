/** What PostgreSQL stores of a password, made here: no statement, and so no log, holds the password. */
import { createHash, createHmac, pbkdf2Sync, randomBytes } from 'node:crypto';

const SALT_BYTES = 16;
const KEY_BYTES = 32;
/** PostgreSQL's own count. Derived passwords have 256 random bits, which more rounds would not help. */
const ITERATIONS = 4096;

/** Renders the verifier of SCRAM-SHA-256 (RFC 5802). The password is ASCII, which SASLprep leaves as it is. */
export function scramVerifier(password: string): string {
  const salt = randomBytes(SALT_BYTES);
  const salted = pbkdf2Sync(password, salt, ITERATIONS, KEY_BYTES, 'sha256');
  const keyOf = (name: string): Buffer => createHmac('sha256', salted).update(name).digest();
  const storedKey = createHash('sha256').update(keyOf('Client Key')).digest('base64');
  const serverKey = keyOf('Server Key').toString('base64');
  return `SCRAM-SHA-256$${ITERATIONS}:${salt.toString('base64')}$${storedKey}:${serverKey}`;
}
