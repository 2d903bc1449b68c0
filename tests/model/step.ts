import type { Account } from './account.ts';

/** What a rule sees and does: one command's or one firing's try at an account. */
export interface Step {
  readonly account: Account;
  readonly instant: number;
  /** The current price; refuses with `quote-unavailable` where there is none. */
  quote(symbol: string): bigint;
  /** Money comes to the balance (positive) or leaves it (negative): one account transaction. */
  moveCash(change: bigint): void;
  /** Notes that a trigger fired. */
  noteFiring(): void;
}
