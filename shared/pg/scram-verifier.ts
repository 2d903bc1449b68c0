/** PostgreSQL's verifier of a password, made here so that no statement or log contains the password. */
import { createHash, createHmac, pbkdf2Sync, randomBytes } from 'node:crypto';

const SALT_BYTES = 16;
const KEY_BYTES = 32;
/** PostgreSQL's default. The passwords have 256 random bits, so more iterations would add no protection. */
const ITERATIONS = 4096;

/** Makes the verifier of SCRAM-SHA-256 (RFC 5802). The password must be ASCII, which SASLprep keeps. */
export function scramVerifier(password: string): string {
  const salt = randomBytes(SALT_BYTES);
  const salted = pbkdf2Sync(password, salt, ITERATIONS, KEY_BYTES, 'sha256');
  const keyOf = (name: string): Buffer => createHmac('sha256', salted).update(name).digest();
  const storedKey = createHash('sha256').update(keyOf('Client Key')).digest('base64');
  const serverKey = keyOf('Server Key').toString('base64');
  return `SCRAM-SHA-256$${ITERATIONS}:${salt.toString('base64')}$${storedKey}:${serverKey}`;
}
