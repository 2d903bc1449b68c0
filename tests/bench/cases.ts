/** What is measured, by default and with `--full`. */
import type { RunCase } from '../../infra/capacity/run-case.ts';
import type { Shape } from '../../infra/capacity/workload-file.ts';

/** Its one stock costs one wait for a legacy quote. The seed gives it users and a stock of its own. */
const WARM_UP: Shape = { users: 50, commands: 10_000, symbols: 1, seed: 2 };

const run = (of: Partial<RunCase> & Pick<RunCase, 'name' | 'users' | 'commands'>): RunCase => ({
  pack: 16,
  quotes: 'at once',
  sending: 'fast',
  warmUp: WARM_UP,
  ...of,
});

/** Every quote is too old for the next command: neither a cache nor coalescing is of any use. */
const NO_CACHE = { QUOTE_LIFETIME_S: '0.25' };

const ONE_AT_A_TIME = { unansweredMax: 1 };

/** One command after another, as the earlier system was measured: the command table is of these. */
export const WITHOUT_CACHE: RunCase = run({
  name: '1 user, one at a time, legacy quotes, no cache',
  ...{ users: 1, commands: 100, pack: 1, quotes: 'legacy', sending: ONE_AT_A_TIME },
  environment: NO_CACHE,
  // Without a cache, every quote of a user costs a wait.
  warmUp: { ...WARM_UP, users: 500, commands: 1_000 },
});
export const WITH_CACHE: RunCase = run({
  name: '1 user, one at a time, legacy quotes, cached',
  ...{ users: 1, commands: 100, pack: 1, quotes: 'legacy', sending: ONE_AT_A_TIME },
});

/** A thousand commands a user, but for the one user: as many as the earlier system was given. */
const COMMANDS: ReadonlyMap<number, number> = new Map([
  [1, 100],
  [10, 10_000],
  [45, 45_000],
  [100, 100_000],
]);

const ofUsers = (users: number, pack: number, quotes: RunCase['quotes']): RunCase =>
  run({
    name: `${users} ${users === 1 ? 'user' : 'users'}, pack ${pack}${quotes === 'legacy' ? ', legacy quotes' : ''}`,
    ...{ users, commands: COMMANDS.get(users) ?? users, pack, quotes },
  });

export const ONE_USER: RunCase = ofUsers(1, 16, 'at once');

/** Measured beside their limits. */
export const LIMITED: readonly RunCase[] = [1, 16].map((pack) => ofUsers(100, pack, 'at once'));

const isLimited = ({ name }: RunCase): boolean => LIMITED.some((other) => other.name === name);

export const THROUGHPUT: readonly RunCase[] = [...COMMANDS.keys()]
  .flatMap((users) =>
    [1, 16].flatMap((pack) =>
      (['at once', 'legacy'] as const).map((quotes) => ofUsers(users, pack, quotes)),
    ),
  )
  .filter((one) => !isLimited(one));

/** Whose function executions are counted, beside those of one user. */
export const COUNTED: RunCase = run({ name: '100 users', users: 100, commands: 20_000 });

/** A hundred times the users; then ten times the commands. */
export const GROWTH: readonly RunCase[] = [
  run({ name: '10 users, 100,000 commands', users: 10, commands: 100_000 }),
  run({ name: '1,000 users, 100,000 commands', users: 1_000, commands: 100_000 }),
  run({ name: '1,000 users, 1,000,000 commands', users: 1_000, commands: 1_000_000 }),
];

const LATENCY_S = 15;
/** Open loop: a slow answer does not slow what is sent after it. */
export const LATENCY: readonly RunCase[] = [100, 500, 1_000].map((perSecond) =>
  run({
    name: `${perSecond} commands/s`,
    ...{ users: 100, commands: perSecond * LATENCY_S, pack: 1 },
    sending: { perSecond },
  }),
);

/** Over HTTPS, a user for each connection: the last two differ in the protocol only. */
export const WEB: readonly RunCase[] = (
  [
    [1, 1_000, 'HTTP/1.1'],
    [8, 4_000, 'HTTP/1.1'],
    [32, 10_000, 'HTTP/1.1'],
    [100, 15_000, 'HTTP/1.1'],
    [100, 15_000, 'HTTP/2'],
  ] as const
).map(([users, commands, web]) =>
  run({
    name: `web, ${users} ${users === 1 ? 'connection' : 'connections'}, ${web}`,
    ...{ users, commands, pack: 1, web },
    warmUp: { ...WARM_UP, commands: 3_000 },
  }),
);

/** Small enough for the test of the bench itself. */
export const TINY: RunCase = run({
  name: 'tiny',
  ...{ users: 5, commands: 200 },
  warmUp: { ...WARM_UP, users: 2, commands: 20 },
});
