/** The account transactions that follow from the events of a decision. Source: SPEC §5.2. */
import type { DomainEvent } from '../../shared/domain/event.ts';
import { ledgerEntryOf } from '../../shared/domain/ledger.ts';
import { negate, NO_MONEY, renderDollars, type Cents } from '../../shared/domain/money.ts';
import type { Order } from '../../shared/domain/order.ts';
import type { LogEvent } from './log-event.ts';

/** One change of a balance, and why it is made. */
export type Movement = {
  readonly action: 'add' | 'remove';
  readonly funds: Cents;
  readonly why: string;
};

/** Returns the movements in the order in which the log must have them. */
export const movementsOf = (events: readonly DomainEvent[]): readonly Movement[] =>
  events.flatMap((event): readonly Movement[] => {
    const change = ledgerEntryOf(event)?.balance ?? NO_MONEY;
    if (change === NO_MONEY) return [];
    const why = reasonOf(event);
    return change > 0n
      ? [{ action: 'add', funds: change, why }]
      : [{ action: 'remove', funds: negate(change), why }];
  });

function reasonOf(event: DomainEvent): string {
  if ('order' in event) return showOrder(event.order);
  if (event.type === 'BuyAmountSet') return `the reserve for ${event.symbol}`;
  if (event.type === 'BuyTriggerCancelled') return `the reserve for ${event.symbol} returns`;
  if (event.type === 'BuyTriggerFired') return `the rest after ${showOrder(event)}`;
  return event.type === 'SellTriggerFired' ? showOrder(event) : '';
}

const showOrder = ({ shares, symbol, price }: Pick<Order, 'shares' | 'symbol' | 'price'>): string =>
  `${shares} ${symbol} at ${renderDollars(price)}`;

export const showMovement = ({ action, funds, why }: Movement): string =>
  `${action} ${renderDollars(funds)}${why === '' ? '' : ` (${why})`}`;

/** Shows an `accountTransaction` in the same form. */
export const showTransaction = ({ action, funds = NO_MONEY }: LogEvent): string =>
  `${action ?? ''} ${renderDollars(funds)}`;

export type Mismatch =
  | { readonly is: 'wrong'; readonly wanted: Movement; readonly found: LogEvent }
  | { readonly is: 'missing'; readonly wanted: Movement }
  | { readonly is: 'unexpected'; readonly found: LogEvent };

/** Compares what must be in the log with what is there; pairs what is left over in its order. */
export function mismatchesOf(
  wanted: readonly Movement[],
  found: readonly LogEvent[],
): readonly Mismatch[] {
  const rest = [...found];
  const missing = wanted.filter(({ action, funds }) => {
    const index = rest.findIndex((event) => event.action === action && event.funds === funds);
    if (index >= 0) rest.splice(index, 1);
    return index < 0;
  });
  const pairs = missing.map((movement, index): Mismatch => {
    const other = rest[index];
    return other === undefined
      ? { is: 'missing', wanted: movement }
      : { is: 'wrong', wanted: movement, found: other };
  });
  const more = rest.slice(missing.length);
  return [...pairs, ...more.map((event): Mismatch => ({ is: 'unexpected', found: event }))];
}
