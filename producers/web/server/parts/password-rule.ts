/** Refuses weak passwords, whatever their length. */
import { dictionary } from '@zxcvbn-ts/language-common';
import { HttpProblem } from './http-problem.ts';

/** The 49,233 common passwords of zxcvbn-ts, which each process loads at its start. */
const COMMON: ReadonlySet<string> = new Set(dictionary['passwords-common']);
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

/** Whether a lower-case password is a common one, repeats one, or adds digits and punctuation to one. */
function isCommonPassword(lower: string): boolean {
  const cores = [lower, lower.replace(/[^a-z0-9]+$/, ''), lower.replace(/^[^a-z]+|[^a-z]+$/g, '')];
  return cores.some((core) => COMMON.has(core) || COMMON.has(repeatedPart(core)));
}

const repeatedPart = (text: string): string => /^(.+?)\1+$/.exec(text)?.[1] ?? text;
