/** Makes random secrets, and the hashes under which they are stored. */
import { createHash, randomBytes } from 'node:crypto';

/** 256 random bits cannot be guessed, so a fast hash without a salt protects them. */
const BYTES = 32;

export const newSecret = (): string => randomBytes(BYTES).toString('base64url');

/** By this prefix scanners for leaked secrets recognise a token. */
export const TOKEN_PREFIX = 'dt_';

const SECRET = /^(dt_)?[A-Za-z0-9_-]{43}$/;

/** Whether a text has the form of a session cookie or a token; other texts are not looked up. */
export const isSecret = (text: string): boolean => SECRET.test(text);

export const hashSecret = (secret: string): Buffer => createHash('sha256').update(secret).digest();

/** Letters and digits that are not confused when they are read out or typed. */
const READABLE = 'abcdefghijkmnpqrstuvwxyz23456789';
const GROUPS = 4;
const GROUP_LENGTH = 5;

/** Returns a new password to hand out: 100 random bits in groups that are easy to type. */
export function newPassword(): string {
  const letters = [...randomBytes(GROUPS * GROUP_LENGTH)].map((byte) => READABLE[byte % 32] ?? '');
  const groups = Array.from({ length: GROUPS }, (_, index) =>
    letters.slice(index * GROUP_LENGTH, (index + 1) * GROUP_LENGTH).join(''),
  );
  return groups.join('-');
}
