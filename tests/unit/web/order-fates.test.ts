/** What became of orders, out of the commands that placed and decided them. */
import { expect, test } from '@jest/globals';
import { orderFates } from '../../../producers/web/server/views/order-fates.ts';
import type { OrderCommandRow } from '../../../shared/pg/web-orders.ts';

const LIFETIME_MS = 60_000;
const NOW = 1_000_000n;

let id = 0n;

const command = (name: OrderCommandRow['command'], at: number, funds = 1_050): OrderCommandRow => ({
  outbox_id: (id += 1n),
  index: 0,
  at: BigInt(at),
  command: name,
  symbol: name.includes('_') ? null : 'ABC',
  funds: name.includes('_') ? null : BigInt(funds),
  price: name.includes('_') ? null : 100n,
  now: NOW,
});

const fatesOf = (commands: readonly OrderCommandRow[]) => {
  const fates = orderFates(commands, LIFETIME_MS);
  return commands.map((row) => fates.get(`${row.outbox_id}.${row.index}`));
};

test('a commit or cancel decides the latest order of its side', () => {
  const fates = fatesOf([
    command('BUY', 1_000),
    command('BUY', 1_001, 250),
    command('SELL', 1_002),
    command('COMMIT_BUY', 1_003),
    command('CANCEL_SELL', 1_004),
    command('CANCEL_BUY', 1_005),
  ]);
  const [ten, two] = [
    { symbol: 'ABC', shares: 10n, price: 100n },
    { symbol: 'ABC', shares: 2n, price: 100n },
  ];
  expect(fates).toEqual([
    { ...ten, status: 'cancelled' },
    { ...two, status: 'committed' },
    { ...ten, status: 'cancelled' },
    { ...two, status: 'committed' },
    { ...ten, status: 'cancelled' },
    { ...ten, status: 'cancelled' },
  ]);
});

test('an order that nobody decides is pending for its lifetime, and then has expired', () => {
  const last = Number(NOW) - LIFETIME_MS;
  const [over, open] = fatesOf([command('BUY', last), command('BUY', last + 1)]);
  expect([over?.status, open?.status]).toEqual(['expired', 'pending']);
});

test('a commit does not decide an order that has expired, but may decide one that is not in the list', () => {
  const commit = command('COMMIT_BUY', 1_000 + LIFETIME_MS);
  const [order, decision] = fatesOf([command('BUY', 1_000), commit]);
  expect(order?.status).toBe('expired');
  expect(decision).toBeUndefined();
});
