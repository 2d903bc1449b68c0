/** A firing executes once, in the order of the user's commands, after a new check, and never for an old arming. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { armingId } from '../../../shared/domain/identity.ts';
import type { UserFiring } from '../../../shared/messages/command-message.ts';
import { symbolOf, userOf } from '../../support/quote-names.ts';
import { Producer } from '../../support/run-commands.ts';
import {
  ledgerCount,
  storedAudit,
  storedBalance,
  storedShares,
  storedTriggers,
} from '../../support/stored.ts';
import { ALL_SHARDS, openConsumers, type Consumers } from '../../support/consumer-system.ts';

/**
 * No trigger consumer runs here. The test makes the firings, so that it can place each among the user's
 * commands.
 */
let system: Consumers;
const producer = new Producer('run:firings');

beforeAll(async () => {
  // Quotes expire at once, so the price is always the present one of the legacy server.
  system = await openConsumers({ price: '20.00', env: { QUOTE_LIFETIME_S: '0.5' } });
  const [transaction] = await Promise.all([
    system.start('transaction'),
    system.start('quote'),
    system.start('audit'),
  ]);
  transaction.assign(ALL_SHARDS);
});
afterAll(() => system.close());

const run = async (line: string): Promise<string> => {
  const { outcomes } = await system.requester.ask(producer.message(line));
  const [outcome] = outcomes;
  return outcome?.is === 'rejected' ? outcome.reason : (outcome?.is ?? 'nothing');
};

/** Sets the price. Resolves after all known quotes have expired, by the database's clock. */
async function setPrice(price: string): Promise<void> {
  system.legacy.price = price;
  await system.pool.query(`SELECT pg_sleep(0.6)`);
}

/** Arms a buy trigger of 100.00 at `price`. Resolves to its firing. */
async function arm(user: string, price: string): Promise<UserFiring> {
  expect(await run(`ADD,${user},100.00`)).toBe('accepted');
  expect(await run(`SET_BUY_AMOUNT,${user},ABC,100.00`)).toBe('accepted');
  expect(await run(`SET_BUY_TRIGGER,${user},ABC,${price}`)).toBe('accepted');
  return await firingOf(user);
}

/** Makes the firing that the trigger consumer would send for the user's armed trigger. */
async function firingOf(user: string): Promise<UserFiring> {
  const [trigger] = await storedTriggers(system.pool, user);
  if (trigger === undefined || trigger.armingId === null) {
    throw new Error(`${user} has no armed trigger`);
  }
  const common = { type: 'FIRE_TRIGGER', side: 'buy', symbol: symbolOf('ABC') } as const;
  const firing = { ...common, armingId: armingId(trigger.armingId) };
  return { type: 'firing', user: userOf(user), firing };
}

describe('a firing', () => {
  test('that comes three times fires once', async () => {
    await setPrice('20.00');
    const firing = await arm('thrice', '10.00');
    await setPrice('9.00');
    await Promise.all([1, 2, 3].map(() => system.requester.publish(firing)));
    // It is in one lane with the firings, so they are done when it is answered.
    expect(await run('ADD,thrice,1.00')).toBe('accepted');
    expect(await ledgerCount(system.pool, 'thrice', 'BuyTriggerFired')).toBe(1);
    expect(await storedShares(system.pool, 'thrice', 'ABC')).toBe(11n);
    expect(await storedBalance(system.pool, 'thrice')).toBe(200n);
    expect(await storedTriggers(system.pool, 'thrice')).toEqual([]);
  });

  test('is audited once, with the number and the name of the command that armed it', async () => {
    const events = (await storedAudit(system.pool)).filter(
      ({ user, kind }) => user === 'thrice' && kind === 'systemEvent',
    );
    expect(events).toMatchObject([{ number: 3, command: 'SET_BUY_TRIGGER' }]);
  });

  test('whose price moved back leaves the trigger armed', async () => {
    await setPrice('20.00');
    const firing = await arm('back', '10.00');
    await system.requester.publish(firing);
    expect(await run('ADD,back,1.00')).toBe('accepted');
    expect(await ledgerCount(system.pool, 'back', 'BuyTriggerFired')).toBe(0);
    expect(await firingOf('back')).toEqual(firing);
    expect(await storedBalance(system.pool, 'back')).toBe(100n);
  });

  test('before a cancel fires, and the cancel finds nothing', async () => {
    await setPrice('20.00');
    const firing = await arm('fire-first', '10.00');
    await setPrice('10.00');
    const published = system.requester.publish(firing);
    const cancelled = run('CANCEL_SET_BUY,fire-first,ABC');
    await published;
    expect(await cancelled).toBe('no-buy-amount');
    expect(await storedShares(system.pool, 'fire-first', 'ABC')).toBe(10n);
    expect(await storedBalance(system.pool, 'fire-first')).toBe(0n);
  });

  test('after a cancel does nothing, and the reserve is returned', async () => {
    await setPrice('20.00');
    const firing = await arm('cancel-first', '10.00');
    await setPrice('10.00');
    const cancelled = run('CANCEL_SET_BUY,cancel-first,ABC');
    await system.requester.publish(firing);
    expect(await cancelled).toBe('accepted');
    expect(await run('ADD,cancel-first,1.00')).toBe('accepted');
    expect(await storedShares(system.pool, 'cancel-first', 'ABC')).toBe(0n);
    expect(await storedBalance(system.pool, 'cancel-first')).toBe(10_100n);
  });

  test('of an arming that was replaced does not fire the new one', async () => {
    await setPrice('20.00');
    const old = await arm('moved', '19.00');
    expect(await run('SET_BUY_TRIGGER,moved,ABC,18.00')).toBe('accepted');
    await setPrice('15.00');
    await system.requester.publish(old);
    expect(await run('ADD,moved,1.00')).toBe('accepted');
    expect(await ledgerCount(system.pool, 'moved', 'BuyTriggerFired')).toBe(0);
    // The new arming fires at the same price.
    await system.requester.publish(await firingOf('moved'));
    expect(await run('ADD,moved,1.00')).toBe('accepted');
    expect(await ledgerCount(system.pool, 'moved', 'BuyTriggerFired')).toBe(1);
  });
});
