/** Hashes and verifies passwords with argon2id, a bounded number at once. */
import { hash, parseOptions, verify } from '@node-rs/argon2';
import { randomBytes } from 'node:crypto';
import { deferred, type Deferred } from '../../../../shared/runtime/deferred.ts';
import { HASHES_AT_ONCE, HASHES_WAITING_MAX } from './limits.ts';
import { HttpProblem } from './http-problem.ts';

/** 19 MiB of memory, two passes, one lane. Argon2id is the library's default; a hash begins with its kind. */
const KIND = '$argon2id$';
const PARAMETERS = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;

export interface Passwords {
  hash(password: string): Promise<string>;
  /** Resolves to false if `stored` is undefined (the name does not exist), after the same work. */
  verify(password: string, stored: string | undefined): Promise<boolean>;
  /** Whether the hash was made with other parameters than the present ones. */
  isOutdated(stored: string): boolean;
}

export const hashPassword = (password: string): Promise<string> =>
  hash(normal(password), PARAMETERS);

/** Opens the hasher, with a hash of random bytes to verify against for names that do not exist. */
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

/** Normalises text, because keyboards compose the same letters differently. */
const normal = (password: string): string => password.normalize('NFKC');

/** Runs `atOnce` works at once and lets `waitingMax` wait in order; throws `unavailable` for more. */
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
      // The slot goes to the next in line directly, so that a newcomer cannot take it first.
      if (next === undefined) running -= 1;
      else next.resolve();
    }
  };
}
