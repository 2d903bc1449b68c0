/** Tells the feed what a batch did to accounts. Pure. */
import type { DomainEvent } from '../../shared/domain/event.ts';
import type { UserId } from '../../shared/domain/identity.ts';
import { isExpired, type Order } from '../../shared/domain/order.ts';
import type { Instant } from '../../shared/domain/time.ts';
import type { AccountEvent } from '../../shared/messages/feed-message.ts';
import type { LoadedBatch } from '../../shared/ports/batch-store.ts';
import type { DecidedCommand } from './decided-command.ts';

/** Returns the events of a batch in the order of each user: first the orders that had expired, then the commands. */
export const feedEventsOf = (
  { portfolios, now }: LoadedBatch,
  decided: readonly DecidedCommand[],
  orderLifetimeMs: number,
): readonly AccountEvent[] => [
  ...[...portfolios].flatMap(([user, { buys, sells }]) => {
    const expired = (side: 'buy' | 'sell', orders: readonly Order[]): AccountEvent[] =>
      orders
        .filter((order) => isExpired(order, now, orderLifetimeMs))
        .map((order) => expiredOrder({ user, side, order, now }));
    return [...expired('buy', buys), ...expired('sell', sells)];
  }),
  ...decided.flatMap(({ decision, source }) => {
    if (decision.type === 'rejected') return [];
    const { user, at, number } = source;
    return decision.events.flatMap((event) => {
      const told = tellEvent(event);
      return told === undefined ? [] : [{ user, at, number, ...told }];
    });
  }),
];

const expiredOrder = ({
  user,
  side,
  order,
  now,
}: {
  readonly user: UserId;
  readonly side: 'buy' | 'sell';
  readonly order: Order;
  readonly now: Instant;
}): AccountEvent => ({ kind: 'order-expired', user, at: now, side, ...traded(order) });

type Told = Omit<AccountEvent, 'user' | 'at' | 'number'>;

const traded = ({ symbol, shares, price }: Pick<Order, 'symbol' | 'shares' | 'price'>) => ({
  symbol,
  shares: Number(shares),
  price: Number(price),
});

/** Returns what readers are told of an event; undefined for steps that they are not told of. */
function tellEvent(event: DomainEvent): Told | undefined {
  switch (event.type) {
    case 'FundsAdded':
      return { kind: 'funds-added', amount: Number(event.amount) };
    case 'BuyCommitted':
      return { kind: 'bought', ...traded(event.order) };
    case 'SellCommitted':
      return { kind: 'sold', ...traded(event.order) };
    case 'BuyTriggerArmed':
    case 'SellTriggerArmed':
      return { kind: 'trigger-armed', ...ofTrigger(event), price: Number(event.arming.price) };
    case 'BuyTriggerFired':
    case 'SellTriggerFired':
      return { kind: 'trigger-fired', ...ofTrigger(event), ...traded(event) };
    case 'BuyTriggerCancelled':
    case 'SellTriggerCancelled':
    case 'BuyTriggerDisarmed':
      return { kind: 'trigger-cancelled', ...ofTrigger(event) };
    case 'BuyPlaced':
    case 'BuyCancelled':
    case 'SellPlaced':
    case 'SellCancelled':
    case 'BuyAmountSet':
    case 'SellAmountSet':
      return undefined;
  }
}

const ofTrigger = ({
  type,
  symbol,
}: Extract<DomainEvent, { readonly type: `${string}Trigger${string}` }>) =>
  ({ side: type.startsWith('Buy') ? 'buy' : 'sell', symbol }) as const;
