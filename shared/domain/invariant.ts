/** The invariants of a portfolio, checked after every command, also in production. Source: SPEC §2. */
import type { LedgerEntry } from './ledger.ts';
import { BALANCE_MAX } from './money.ts';
import { available, availableShares, type Portfolio } from './portfolio.ts';

/** Describes the first broken invariant; undefined if all hold. */
export function brokenInvariant(portfolio: Portfolio): string | undefined {
  if (portfolio.balance < 0n) return 'balance is negative';
  if (portfolio.balance > BALANCE_MAX) return 'balance is over its limit';
  if (available(portfolio) < 0n) return 'available money is negative';
  for (const [symbol, count] of portfolio.holdings) {
    if (count < 0n) return `holding of ${symbol} is negative`;
  }
  for (const { symbol } of portfolio.sells) {
    if (availableShares(portfolio, symbol) < 0n) return `available ${symbol} is negative`;
  }
  return brokenReserve(portfolio);
}

function brokenReserve(portfolio: Portfolio): string | undefined {
  for (const [symbol, { amount }] of portfolio.buyTriggers) {
    if (amount < 0n) return `reserve for ${symbol} is negative`;
  }
  for (const [symbol, { arming }] of portfolio.sellTriggers) {
    if (arming !== undefined && arming.shares < 1n) return `reserved ${symbol} is not positive`;
  }
  return undefined;
}

/** Whether an entry moves money and shares without creating or losing any. */
export const isBalanced = (entry: LedgerEntry): boolean =>
  entry.balance + entry.reserve === entry.deposited + entry.traded &&
  entry.holding + entry.reservedShares === entry.tradedShares;
