/** One quote meets ten thousand armed triggers: each fires once, at a price that meets it. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { UserCommands } from '../../../shared/messages/command-message.ts';
import { verifyStored } from '../../../shared/pg/verify.ts';
import { ALL_SHARDS, openConsumers, type Consumers } from '../../support/consumer-system.ts';
import { Producer } from '../../support/run-commands.ts';
import { storedAudit } from '../../support/stored.ts';
import { until } from '../../support/until.ts';

const START_MS = 240_000;
const TEST_MS = 240_000;
const FIRED_MAX_MS = 60_000;
const TRIGGERS = 10_000;
/**
 * The most messages that wait for an answer. On a busy machine, publishing all at once would occupy the event
 * loop so long that the broker would miss this process's heartbeats and close the connection.
 */
const UNANSWERED_MAX = 500;
const QUOTE_LIFETIME_S = 2;
const ORDER_LIFETIME_MS = 3_600_000;

let system: Consumers;
const producer = new Producer('run:storm');

beforeAll(async () => {
  const env = {
    QUOTE_LIFETIME_S: QUOTE_LIFETIME_S.toString(),
    ORDER_LIFETIME_S: (ORDER_LIFETIME_MS / 1_000).toString(),
  };
  system = await openConsumers({ price: '10.00', env });
  const [transaction] = await Promise.all(
    (['transaction', 'quote', 'trigger', 'audit'] as const).map((pool) => system.start(pool)),
  );
  transaction?.assign(ALL_SHARDS);
}, START_MS);
afterAll(() => system.close());

/** The commands for a trigger of ten dollars that waits for a price of five. */
function arming(user: string): UserCommands {
  const lines = [
    `ADD,${user},10.00`,
    `SET_BUY_AMOUNT,${user},ABC,10.00`,
    `SET_BUY_TRIGGER,${user},ABC,5.00`,
  ];
  const [first, ...others] = lines.map((line) => producer.message(line));
  if (first === undefined) throw new TypeError('there are no lines');
  return { ...first, commands: [first, ...others].flatMap(({ commands }) => commands) };
}

async function count(text: string): Promise<number> {
  return (await system.pool.query<{ count: number }>(text)).rows[0]?.count ?? 0;
}
const fired = (): Promise<number> =>
  count(`SELECT count(*)::int AS count FROM ledger WHERE event = 'BuyTriggerFired'`);

test(
  'a storm',
  async () => {
    const users = Array.from({ length: TRIGGERS }, (_, index) => `armed-${index}`);
    for (let first = 0; first < TRIGGERS; first += UNANSWERED_MAX) {
      const some = users.slice(first, first + UNANSWERED_MAX);
      await Promise.all(some.map((user) => system.requester.ask(arming(user))));
    }
    expect(await count('SELECT count(*)::int AS count FROM triggers')).toBe(TRIGGERS);
    expect(await fired()).toBe(0);

    system.legacy.price = '5.00';
    await system.pool.query('SELECT pg_sleep($1)', [QUOTE_LIFETIME_S + 0.1]);
    await system.requester.ask(producer.message('QUOTE,somebody,ABC'));
    await until(async () => (await fired()) === TRIGGERS, {
      what: 'every trigger has fired',
      timeoutMs: FIRED_MAX_MS,
    });

    const events = await storedAudit(system.pool);
    expect(events.filter(({ kind }) => kind === 'systemEvent').length).toBeGreaterThanOrEqual(
      TRIGGERS,
    );
    expect(await count('SELECT count(*)::int AS count FROM holdings WHERE shares = 2')).toBe(
      TRIGGERS,
    );
    const client = await system.pool.connect();
    const findings = await verifyStored(client, ORDER_LIFETIME_MS);
    client.release(true);
    expect(findings.filter(({ offenders }) => offenders > 0)).toEqual([]);
  },
  TEST_MS,
);
