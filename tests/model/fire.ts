import { copyAccount, moveShares } from './account.ts';
import type { Account, BuyTrigger, SellTrigger } from './account.ts';
import { attempt } from './attempt.ts';
import type { AuditEntry } from './audit-entry.ts';
import { fieldsOf } from './command-fields.ts';
import { fireBuy } from './rules-buy-trigger.ts';
import { fireSell } from './rules-sell-trigger.ts';

/** One user's trigger, met by a price. `armedBy` names the arming that was met. */
export interface Firing {
  readonly user: string;
  readonly symbol: string;
  readonly side: 'buy' | 'sell';
  readonly price: bigint;
  readonly instant: number;
  readonly armedBy?: number;
}

/** `gone`: not armed, or armed anew since; `not-met`: stays armed; `overflow`: see below. */
export type FiringOutcome = 'fired' | 'not-met' | 'gone' | 'overflow';

export interface FiringResult {
  readonly outcome: FiringOutcome;
  /** The account after it, null where it stays as it was. */
  readonly account: Account | null;
  readonly entries: readonly AuditEntry[];
}

export function fire(account: Account, firing: Firing, orderLifetimeMs: number): FiringResult {
  const { symbol, side, price, instant } = firing;
  const trigger = (side === 'buy' ? account.buyTriggers : account.sellTriggers).get(symbol);
  const command = trigger?.armedBy ?? null;
  if (trigger === undefined || command === null) return unchanged('gone');
  if (firing.armedBy !== undefined && firing.armedBy !== command.number) return unchanged('gone');
  if (!isMet(trigger, side, price)) return unchanged('not-met');
  const quote = (): bigint => price;
  const tried = attempt({ stored: account, command, instant, orderLifetimeMs, quote }, (step) =>
    (side === 'buy' ? fireBuy : fireSell)(step, symbol, price),
  );
  if (tried.done) return { outcome: 'fired', account: tried.account, entries: tried.entries };
  const { code } = tried;
  const failure = { kind: 'errorEvent', transactionNum: command.number, code, quoted: [] } as const;
  return {
    outcome: 'overflow',
    account: giveUp(account, symbol, side),
    entries: [{ ...failure, ...fieldsOf(command) }],
  };
}

function unchanged(outcome: FiringOutcome): FiringResult {
  return { outcome, account: null, entries: [] };
}

function isMet(trigger: BuyTrigger | SellTrigger, side: 'buy' | 'sell', price: bigint): boolean {
  if (trigger.price === null) return false;
  return side === 'buy' ? price <= trigger.price : price >= trigger.price;
}

/** A firing would have made the balance too high: it cannot happen now or later. */
function giveUp(before: Account, symbol: string, side: 'buy' | 'sell'): Account {
  const account = copyAccount(before);
  if (side === 'sell') {
    moveShares(account, symbol, account.sellTriggers.get(symbol)?.shares ?? 0n);
    account.sellTriggers.delete(symbol);
    return account;
  }
  // The reserve is larger than what is left of it, so it cannot come back either: it stays.
  const reserve = account.buyTriggers.get(symbol)?.reserve ?? 0n;
  account.buyTriggers.set(symbol, { reserve, price: null, armedBy: null });
  return account;
}
