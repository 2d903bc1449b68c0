import { availableCash, availableShares } from './account.ts';
import type { Account } from './account.ts';

/** SPEC §2 "never negative": if this throws, the model itself is wrong. */
export function assertNothingNegative(account: Account): void {
  const symbols = [...account.holdings.keys(), ...account.pendingSells.map(({ symbol }) => symbol)];
  const amounts = [
    account.balance,
    availableCash(account),
    ...account.holdings.values(),
    ...symbols.map((symbol) => availableShares(account, symbol)),
    ...[...account.buyTriggers.values()].map(({ reserve }) => reserve),
    ...[...account.sellTriggers.values()].map(({ shares }) => shares),
  ];
  if (amounts.some((amount) => amount < 0n)) throw new Error('The model let something go negative');
}
