import { expect, test } from '@jest/globals';
import { chainOf } from '../../bench/quote-chain.ts';

const DELAYS = new Map([
  ['A', 1_000],
  ['B', 2_000],
  ['C', 500],
]);

const uses = (user: string, symbols: string): { user: string; symbol: string }[] =>
  symbols.split('').map((symbol) => ({ user, symbol }));

test("one user's quotes are waited for one after another, each once", () => {
  expect(chainOf(uses('ann', 'ABA'), DELAYS)).toBe(3_000);
});

test('waits of different users overlap', () => {
  expect(chainOf([...uses('ann', 'A'), ...uses('bob', 'B')], DELAYS)).toBe(2_000);
});

test('a user who needs a symbol that is being requested waits only for the rest', () => {
  // bob asks for B at 0; ann needs it at 500 and continues at 2,000.
  expect(chainOf([...uses('ann', 'CBA'), ...uses('bob', 'B')], DELAYS)).toBe(3_000);
});

test('nobody waits if nothing is requested', () => {
  expect(chainOf([], DELAYS)).toBe(0);
});
