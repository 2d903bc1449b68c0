import { copyAccount, emptyAccount, expireOrders } from './account.ts';
import type { Account } from './account.ts';
import type { AuditEntry } from './audit-entry.ts';
import { fieldsOf } from './command-fields.ts';
import type { GivenCommand } from './command-fields.ts';
import { assertNothingNegative } from './assert-nothing-negative.ts';
import { BALANCE_LIMIT_CENTS, dollarsOf } from './dollars.ts';
import { demand, Refused } from './rejection.ts';
import type { RejectionCode } from './rejection.ts';
import type { Step } from './step.ts';

export interface AttemptInput {
  readonly stored: Account | undefined;
  /** The command that is done, or that armed the trigger that fires. */
  readonly command: GivenCommand;
  readonly instant: number;
  readonly orderLifetimeMs: number;
  readonly quote: (symbol: string) => bigint | null;
}

export type Attempt =
  | { readonly done: true; readonly account: Account; readonly entries: readonly AuditEntry[] }
  | { readonly done: false; readonly code: RejectionCode };

/** Tries a rule on a copy of an account: all of what it does, or nothing and why. */
export function attempt(input: AttemptInput, rule: (step: Step) => void): Attempt {
  const { command, instant } = input;
  const account = input.stored === undefined ? emptyAccount() : copyAccount(input.stored);
  expireOrders(account, instant, input.orderLifetimeMs);
  const entries: AuditEntry[] = [];
  const transactionNum = command.number;
  const step: Step = {
    account,
    instant,
    quote(symbol) {
      const price = input.quote(symbol);
      if (price === null) throw new Refused('quote-unavailable');
      if (price <= 0n) throw new Error(`A price has to be positive, not ${price.toString()}`);
      return price;
    },
    moveCash(change) {
      account.balance += change;
      const action = change < 0n ? 'remove' : 'add';
      const funds = dollarsOf(change < 0n ? -change : change);
      const username = command.user ?? '';
      entries.push({ kind: 'accountTransaction', transactionNum, action, username, funds });
    },
    noteFiring() {
      entries.push({ kind: 'systemEvent', transactionNum, ...fieldsOf(command) });
    },
  };
  try {
    rule(step);
    // The last check looks at the outcome, not at what the balance passes on the way (SPEC §2).
    demand(account.balance <= BALANCE_LIMIT_CENTS, 'balance-limit');
  } catch (error) {
    if (error instanceof Refused) return { done: false, code: error.code };
    throw error;
  }
  assertNothingNegative(account);
  return { done: true, account, entries };
}
