/** The 49,233 common passwords of zxcvbn-ts, which each process loads at its start. */
import { dictionary } from '@zxcvbn-ts/language-common';

const COMMON: ReadonlySet<string> = new Set(dictionary['passwords-common']);

/** Whether a lower-case password is on the list, repeats one of it, or adds digits and punctuation to one. */
export function isCommonPassword(lower: string): boolean {
  const cores = [lower, lower.replace(/[^a-z0-9]+$/, ''), lower.replace(/^[^a-z]+|[^a-z]+$/g, '')];
  return cores.some((core) => COMMON.has(core) || COMMON.has(repeatedPart(core)));
}

const repeatedPart = (text: string): string => /^(.+?)\1+$/.exec(text)?.[1] ?? text;
