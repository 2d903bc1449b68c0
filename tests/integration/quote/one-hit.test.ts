/** Several quote processes, also across restarts, make one hit per symbol and quote lifetime. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { ConsumerProcess } from '../../support/consumer-process.ts';
import { Producer } from '../../support/run-commands.ts';
import { storedAudit } from '../../support/stored.ts';
import { openConsumers, SHARDS, type Consumers } from '../../support/consumer-system.ts';

let system: Consumers;
let knowing: readonly ConsumerProcess[];
const producer = new Producer('run:hits');

beforeAll(async () => {
  system = await openConsumers({ price: '12.34' });
  const [one, other, ...quotes] = await Promise.all([
    system.start('transaction'),
    system.start('transaction'),
    system.start('quote'),
    system.start('quote'),
  ]);
  await system.start('audit');
  [one, other].forEach((member, index) => {
    member.assign([...Array(SHARDS).keys()].filter((shard) => shard % 2 === index));
  });
  knowing = [one, other, ...quotes];
});
afterAll(() => system.close());

const run = async (line: string): Promise<unknown> =>
  (await system.requester.ask(producer.message(line))).outcomes[0];

const users = Array.from({ length: 30 }, (_, index) => `user-${index}`);
const hitsOn = (symbol: string): number =>
  system.legacy.hits.filter((hit) => hit.startsWith(`${symbol},`)).length;

describe('the quote service', () => {
  test('hits a symbol once for all users of several processes', async () => {
    const outcomes = await Promise.all(users.map((user) => run(`QUOTE,${user},ABC`)));
    expect(outcomes).toEqual(
      users.map(() => ({ is: 'accepted', answer: { balance: 0, price: 1_234 } })),
    );
    expect(hitsOn('ABC')).toBe(1);
  });

  test('logs the cause of a hit, and each use of a hit of another', async () => {
    const audit = await storedAudit(system.pool);
    const ofKind = (kind: string): readonly string[] =>
      audit.filter((event) => event.kind === kind).map(({ user }) => user);
    const [causer, ...others] = ofKind('quoteServer');
    expect(others).toEqual([]);
    expect(ofKind('systemEvent').toSorted()).toEqual(
      users.filter((user) => user !== causer).toSorted(),
    );
  });

  test('is never hit for commands that fail checks which need no quote', async () => {
    await run('ADD,poor,5.00');
    expect(await run('BUY,poor,NOP,10.00')).toMatchObject({ reason: 'insufficient-funds' });
    expect(await run('SELL,poor,NOP,10.00')).toMatchObject({ reason: 'no-shares' });
    expect(await run('SET_BUY_TRIGGER,poor,NOP,1.00')).toMatchObject({ reason: 'no-buy-amount' });
    expect(await run('BUY,nobody,NOP,1.00')).toMatchObject({ reason: 'account-unknown' });
    expect(hitsOn('NOP')).toBe(0);
  });

  test('uses the database if all its processes are new, so that a fresh quote costs no hit', async () => {
    await Promise.all(knowing.map((each) => each.kill()));
    await system.start('quote');
    const fresh = await system.start('transaction');
    fresh.assign([...Array(SHARDS).keys()]);
    expect(await run('QUOTE,late,ABC')).toMatchObject({ is: 'accepted' });
    expect(await run('QUOTE,late,XYZ')).toMatchObject({ is: 'accepted' });
    expect([hitsOn('ABC'), hitsOn('XYZ')]).toEqual([1, 1]);
  });
});
