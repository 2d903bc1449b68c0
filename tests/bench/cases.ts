/** What is measured, by default and with `--full`. */
import type { Case } from './measure.ts';

const run = (of: Partial<Case> & Pick<Case, 'name' | 'users' | 'commands'>): Case => ({
  pack: 16,
  quotes: 'at once',
  sending: 'fast',
  ...of,
});

/** Every quote is too old for the next command: neither a cache nor coalescing is of any use. */
const NO_CACHE = { QUOTE_LIFETIME_S: '0.25' };

const ONE_AT_A_TIME = { unansweredMax: 1 };

/** One command after another, as the earlier system was measured: the command table is of these. */
export const WITHOUT_CACHE: Case = run({
  name: '1 user, one at a time, legacy quotes, no cache',
  ...{ users: 1, commands: 100, pack: 1, quotes: 'legacy', sending: ONE_AT_A_TIME },
  environment: NO_CACHE,
});
export const WITH_CACHE: Case = run({
  name: '1 user, one at a time, legacy quotes, cached',
  ...{ users: 1, commands: 100, pack: 1, quotes: 'legacy', sending: ONE_AT_A_TIME },
});

export const ONE_USER: Case = run({ name: '1 user', users: 1, commands: 100 });
export const TEN_LEGACY: Case = run({
  name: '10 users, legacy quotes',
  ...{ users: 10, commands: 10_000, quotes: 'legacy' },
});
export const THROUGHPUT: readonly Case[] = [
  run({ name: '10 users', users: 10, commands: 10_000 }),
  TEN_LEGACY,
  run({ name: '45 users', users: 45, commands: 45_000 }),
];

/** Whose function executions are counted, beside those of one user. */
export const COUNTED: Case = run({ name: '100 users', users: 100, commands: 20_000 });

/** Measured beside their limits. */
export const LIMITED: readonly Case[] = [
  run({ name: '100 users, pack 1', users: 100, commands: 100_000, pack: 1 }),
  run({ name: '100 users, pack 16', users: 100, commands: 100_000 }),
];

export const THOUSAND: Case = run({ name: '1,000 users', users: 1_000, commands: 1_000_000 });

const LATENCY_S = 6;
/** Open loop: a slow answer does not slow what is sent after it. */
export const LATENCY: readonly Case[] = [100, 500, 1_000].map((perSecond) =>
  run({
    name: `${perSecond} commands/s`,
    ...{ users: 100, commands: perSecond * LATENCY_S, pack: 1 },
    sending: { perSecond },
    warmUp: { users: 10, commands: 5_000 },
  }),
);

/** Small enough for the test of the bench itself. */
export const TINY: Case = run({ name: 'tiny', users: 5, commands: 200 });
