/** Refuses weak passwords, whatever their length. */
import { isCommonPassword } from './common-passwords.ts';
import { HttpProblem } from './http-problem.ts';

/** A shorter name may be part of a good password by chance. */
const NAME_LENGTH_MIN = 4;
const DISTINCT_MIN = 4;

/** Throws `password-weak` for a common or repetitive password, or one that contains the user name. */
export function refuseWeakPassword(password: string, user: string): void {
  const lower = password.normalize('NFKC').toLowerCase();
  const name = user.toLowerCase();
  if (isCommonPassword(lower)) throw weak('it is one of the most common');
  if (new Set(lower).size < DISTINCT_MIN) throw weak('it has too few different characters');
  if (name.length >= NAME_LENGTH_MIN && lower.includes(name)) throw weak('it holds the user name');
}

const weak = (why: string): HttpProblem => new HttpProblem('password-weak', why);
