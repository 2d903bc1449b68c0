/** Random values that open something, and the hashes by which they are known. */
import { createHash, randomBytes } from 'node:crypto';

/** 256 bits: nobody guesses one, so a plain hash keeps it. */
const BYTES = 32;

export const newSecret = (): string => randomBytes(BYTES).toString('base64url');

/** A prefix lets scanners for leaked secrets find a token. */
export const TOKEN_PREFIX = 'dt_';

const SECRET = /^(dt_)?[A-Za-z0-9_-]{43}$/;

/** Whether a text can be a session's cookie or a token at all; anything else is not looked up. */
export const isSecret = (text: string): boolean => SECRET.test(text);

export const hashSecret = (secret: string): Buffer => createHash('sha256').update(secret).digest();

/** Letters and digits that nobody confuses when they are read out or typed. */
const READABLE = 'abcdefghijkmnpqrstuvwxyz23456789';
const GROUPS = 4;
const GROUP_LENGTH = 5;

/** A password to hand out: 100 random bits in groups that can be typed. */
export function newPassword(): string {
  const letters = [...randomBytes(GROUPS * GROUP_LENGTH)].map((byte) => READABLE[byte % 32] ?? '');
  const groups = Array.from({ length: GROUPS }, (_, index) =>
    letters.slice(index * GROUP_LENGTH, (index + 1) * GROUP_LENGTH).join(''),
  );
  return groups.join('-');
}
