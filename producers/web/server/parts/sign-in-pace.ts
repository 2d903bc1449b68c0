/**
 * Slows down guessing of passwords, without locking out users who have the right one. Each key (a name from a
 * network, a name, a network) has some free failures. After those its attempts are spaced, the further apart
 * the more have failed. An attempt that would wait too long is refused for now.
 */
import { setTimeout as wait } from 'node:timers/promises';
import { LRUCache } from 'lru-cache';
import type { Failures } from '../../../../shared/pg/web-log.ts';
import { tooMany } from './http-problem.ts';
import {
  FAILURES_HERE_FREE,
  FAILURES_OF_NETWORK_FREE,
  FAILURES_OF_USER_FREE,
  SIGN_IN_APART_MS,
  SIGN_IN_APART_MAX_MS,
  SIGN_IN_WAIT_MAX_MS,
} from './limits.ts';

export type Attempt = {
  readonly user: string;
  readonly network: string;
  readonly failures: Failures;
};

export interface SignInPace {
  /** Runs `check` at the attempt's turn; throws `too-many-requests` if that is too far in the future. */
  run<Result>(attempt: Attempt, check: () => Promise<Result>): Promise<Result>;
}

type PaceOptions = {
  readonly now: () => number;
  readonly wait: (ms: number) => Promise<unknown>;
};

/** The most keys, because clients can choose some of them freely; the least recently used is dropped. */
const KEYS_MAX = 20_000;

const NOT_CHECKED = '; the password was not checked, so it may be right';

/** The attempts of one key; `checking` counts those under way, which count as failures until they end. */
type Lane = { checking: number; nextAt: number };
type Claim = { readonly lane: Lane; readonly apartMs: number };

export function openSignInPace(
  { now, wait: waitFor }: PaceOptions = { now: () => performance.now(), wait },
): SignInPace {
  const lanes = new LRUCache<string, Lane>({ max: KEYS_MAX });
  const claim = (key: string, failed: number, free: number): Claim => {
    const lane = lanes.get(key) ?? { checking: 0, nextAt: 0 };
    lanes.set(key, lane);
    const count = failed + lane.checking;
    const apartMs = Math.min(SIGN_IN_APART_MAX_MS, (SIGN_IN_APART_MS * count) / free);
    return { lane, apartMs: count < free ? 0 : apartMs };
  };
  return {
    run: async ({ user, network, failures }, check) => {
      const { here, ofUser, ofNetwork } = failures;
      // An attempt without failures from its network does not queue behind attempts with failures.
      const queue = here === 0 ? 'first' : 'again';
      const claims = [
        claim(`here ${network} ${user}`, here, FAILURES_HERE_FREE),
        claim(`user ${queue} ${user}`, ofUser, FAILURES_OF_USER_FREE),
        claim(`network ${queue} ${network}`, ofNetwork, FAILURES_OF_NETWORK_FREE),
      ];
      const at = now();
      const slowed = claims.filter(({ apartMs }) => apartMs > 0);
      const startAt = Math.max(at, ...slowed.map(({ lane }) => lane.nextAt));
      const waitMs = startAt - at;
      if (waitMs > SIGN_IN_WAIT_MAX_MS) throw tooMany(Math.ceil(waitMs / 1_000), NOT_CHECKED);
      for (const { lane, apartMs } of slowed) lane.nextAt = startAt + apartMs;
      for (const { lane } of claims) lane.checking += 1;
      try {
        if (waitMs > 0) await waitFor(waitMs);
        return await check();
      } finally {
        for (const { lane } of claims) lane.checking -= 1;
      }
    },
  };
}
