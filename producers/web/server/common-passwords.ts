/**
 * The passwords that guessers try first: the list of zxcvbn-ts, 49,233 of them. It is loaded once a
 * process, at its start.
 */
import { dictionary } from '@zxcvbn-ts/language-common';

const COMMON: ReadonlySet<string> = new Set(dictionary['passwords-common']);

/** One on the list, one of them said twice or more, or one between digits and punctuation. */
export function isCommonPassword(lower: string): boolean {
  const cores = [lower, lower.replace(/[^a-z0-9]+$/, ''), lower.replace(/^[^a-z]+|[^a-z]+$/g, '')];
  return cores.some((core) => COMMON.has(core) || COMMON.has(repeatedPart(core)));
}

const repeatedPart = (text: string): string => /^(.+?)\1+$/.exec(text)?.[1] ?? text;
