/** A later price fires triggers, through the quote, trigger and transaction consumers. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Producer } from '../../support/run-commands.ts';
import {
  ledgerCount,
  storedAudit,
  storedBalance,
  storedShares,
  storedTriggers,
} from '../../support/stored.ts';
import { ALL_SHARDS, openConsumers, type Consumers } from '../../support/consumer-system.ts';
import { until } from '../../support/until.ts';

let system: Consumers;
const producer = new Producer('run:changed');

beforeAll(async () => {
  system = await openConsumers({
    price: '20.00',
    env: { QUOTE_LIFETIME_S: '0.5', TRIGGER_REFRESH_S: '0.3' },
  });
  const [transaction] = await Promise.all([
    system.start('transaction'),
    system.start('quote'),
    system.start('audit'),
    // Two processes, as in a running system. A trigger that both find met still fires once.
    system.start('trigger'),
    system.start('trigger'),
  ]);
  transaction.assign(ALL_SHARDS);
});
afterAll(() => system.close());

const run = async (line: string): Promise<void> => {
  const { outcomes } = await system.requester.ask(producer.message(line));
  expect(outcomes).toMatchObject([{ is: 'accepted' }]);
};

const armBuy = async (user: string, price: string): Promise<void> => {
  await run(`ADD,${user},100.00`);
  await run(`SET_BUY_AMOUNT,${user},ABC,100.00`);
  await run(`SET_BUY_TRIGGER,${user},ABC,${price}`);
};

const fired = (user: string, event: string): Promise<true> =>
  until(async () => (await ledgerCount(system.pool, user, event)) > 0, {
    what: `${user}: ${event}`,
  });

describe('a changed price', () => {
  test('fires the triggers it meets, each once, and leaves the others', async () => {
    const met = ['ann', 'ben', 'cas'];
    for (const user of met) await armBuy(user, '15.00');
    await armBuy('low', '5.00');

    system.legacy.price = '12.50';
    for (const user of met) await fired(user, 'BuyTriggerFired');
    expect(await storedTriggers(system.pool, 'low')).toHaveLength(1);
    // These prices would meet them again, but only the low trigger is left to fire.
    system.legacy.price = '5.00';
    await fired('low', 'BuyTriggerFired');

    for (const user of met) {
      expect(await ledgerCount(system.pool, user, 'BuyTriggerFired')).toBe(1);
      expect(await storedShares(system.pool, user, 'ABC')).toBe(8n);
      expect(await storedBalance(system.pool, user)).toBe(0n);
      expect(await storedTriggers(system.pool, user)).toEqual([]);
    }
    const ofAnn = (await storedAudit(system.pool)).filter(
      ({ user, kind }) => user === 'ann' && kind === 'systemEvent',
    );
    expect(ofAnn.at(-1)).toMatchObject({ number: 3, command: 'SET_BUY_TRIGGER' });
  });

  test('sells the reserved shares of a sell trigger at the current price', async () => {
    system.legacy.price = '10.00';
    await run('ADD,sue,100.00');
    await until(
      async () => {
        await run('QUOTE,sue,ABC');
        const { rows } = await system.pool.query<{ price: bigint }>(`SELECT price FROM quotes`);
        return rows[0]?.price === 1_000n;
      },
      { what: 'the quote is 10.00' },
    );
    await run('BUY,sue,ABC,100.00');
    await run('COMMIT_BUY,sue');
    await run('SET_SELL_AMOUNT,sue,ABC,90.00');
    await run('SET_SELL_TRIGGER,sue,ABC,30.00');
    expect(await storedShares(system.pool, 'sue', 'ABC')).toBe(7n);

    system.legacy.price = '40.00';
    await fired('sue', 'SellTriggerFired');
    expect(await storedBalance(system.pool, 'sue')).toBe(12_000n);
    expect(await storedShares(system.pool, 'sue', 'ABC')).toBe(7n);
    expect(await ledgerCount(system.pool, 'sue', 'SellTriggerFired')).toBe(1);
  });
});
