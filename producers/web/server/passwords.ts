/** Passwords: argon2id only, a bounded number at once, and the same work for names that do not exist. */
import { hash, parseOptions, verify } from '@node-rs/argon2';
import { randomBytes } from 'node:crypto';
import { deferred, type Deferred } from '../../../shared/runtime/deferred.ts';
import { HASHES_AT_ONCE, HASHES_WAITING_MAX } from './limits.ts';
import { HttpProblem } from './http-problem.ts';

/** 19 MiB, two passes, one lane. Argon2id is the library's default; a hash names its kind. */
const KIND = '$argon2id$';
const PARAMETERS = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;

export interface Passwords {
  hash(password: string): Promise<string>;
  /** `stored` is undefined for a name that does not exist: it takes as long and is false. */
  verify(password: string, stored: string | undefined): Promise<boolean>;
  /** Whether the hash was made under other parameters than today's. */
  isOutdated(stored: string): boolean;
}

export const hashPassword = (password: string): Promise<string> =>
  hash(normal(password), PARAMETERS);

export async function openPasswords(): Promise<Passwords> {
  const slots = openSlots(HASHES_AT_ONCE, HASHES_WAITING_MAX);
  const nobody = await hash(randomBytes(32), PARAMETERS);
  return {
    hash: (password) => slots(() => hashPassword(password)),
    verify: (password, stored) =>
      slots(async () => {
        const matches = await verify(stored ?? nobody, normal(password));
        return matches && stored !== undefined;
      }),
    isOutdated: (stored) => {
      if (!stored.startsWith(KIND)) return true;
      const { memoryCost, timeCost, parallelism } = parseOptions(stored);
      return (
        memoryCost !== PARAMETERS.memoryCost ||
        timeCost !== PARAMETERS.timeCost ||
        parallelism !== PARAMETERS.parallelism
      );
    },
  };
}

/** The same letters, however a keyboard composes them. */
const normal = (password: string): string => password.normalize('NFKC');

/** Runs so many at once; others wait their turn, up to a bound. */
export function openSlots(
  atOnce: number,
  waitingMax: number,
): <Result>(work: () => Promise<Result>) => Promise<Result> {
  const waiting: Deferred<void>[] = [];
  let running = 0;
  return async (work) => {
    if (running >= atOnce) {
      if (waiting.length >= waitingMax) throw new HttpProblem('unavailable', 'too much to do now');
      const turn = deferred();
      waiting.push(turn);
      await turn.promise;
    } else running += 1;
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      // The place is handed on, so that nobody who comes now takes it first.
      if (next === undefined) running -= 1;
      else next.resolve();
    }
  };
}
