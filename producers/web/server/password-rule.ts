/** Which passwords are refused, whatever their length. */
import { HttpProblem } from './http-problem.ts';

/** Those of ten characters and more that lists of stolen passwords begin with. */
const COMMON: ReadonlySet<string> = new Set([
  '1234567890',
  '0123456789',
  '12345678910',
  'qwertyuiop',
  'password12',
  'password123',
  'password1234',
  'passwordpassword',
  'iloveyou123',
  'letmein123',
  'administrator',
  'changeme123',
  '1q2w3e4r5t',
  '1qaz2wsx3edc',
]);

/** Names shorter than this may be part of a good password by chance. */
const NAME_LENGTH_MIN = 4;
const DISTINCT_MIN = 4;

export function refuseWeakPassword(password: string, user: string): void {
  const lower = password.toLowerCase();
  const name = user.toLowerCase();
  if (COMMON.has(lower)) throw weak('it is one of the most common');
  if (new Set(lower).size < DISTINCT_MIN) throw weak('it has too few different characters');
  if (name.length >= NAME_LENGTH_MIN && lower.includes(name)) throw weak('it holds the user name');
}

const weak = (why: string): HttpProblem => new HttpProblem('password-weak', why);
