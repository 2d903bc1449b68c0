/** The ledger entry of each event. The sums of a user's entries are the balance, reserves and holdings. */
import type { DomainEvent } from './event.ts';
import type { ArmingId, StockSymbol } from './identity.ts';
import { negate, NO_MONEY, type Cents } from './money.ts';
import { orderCost } from './order.ts';
import { costOf, negateShares, NO_SHARES, subtractShares, type Shares } from './shares.ts';

/**
 * The movements of one event, signed. For money, `balance + reserve = deposited + traded`, where
 * `deposited` came in from outside and `traded` is what a trade brought (+) or cost (−). For shares,
 * `holding + reservedShares = tradedShares`.
 */
export type LedgerEntry = {
  readonly event: DomainEvent['type'] | 'BuyTriggerReplaced' | 'SellTriggerReplaced';
  readonly symbol: StockSymbol | undefined;
  readonly price: Cents | undefined;
  readonly armingId: ArmingId | undefined;
  readonly balance: Cents;
  readonly reserve: Cents;
  readonly deposited: Cents;
  readonly traded: Cents;
  readonly holding: Shares;
  readonly reservedShares: Shares;
  readonly tradedShares: Shares;
};

/**
 * Makes an entry from the fields given; the others are zero or undefined. It is one literal because an
 * entry made by spreading a constant costs microseconds more.
 */
const entryOf = (
  moved: Partial<LedgerEntry> & { readonly event: LedgerEntry['event'] },
): LedgerEntry => ({
  event: moved.event,
  symbol: moved.symbol,
  price: moved.price,
  armingId: moved.armingId,
  balance: moved.balance ?? NO_MONEY,
  reserve: moved.reserve ?? NO_MONEY,
  deposited: moved.deposited ?? NO_MONEY,
  traded: moved.traded ?? NO_MONEY,
  holding: moved.holding ?? NO_SHARES,
  reservedShares: moved.reservedShares ?? NO_SHARES,
  tradedShares: moved.tradedShares ?? NO_SHARES,
});

/** Returns the entry of an event, or undefined if the event moves neither money nor shares. */
export function ledgerEntryOf(event: DomainEvent): LedgerEntry | undefined {
  switch (event.type) {
    case 'FundsAdded':
      return entryOf({
        event: event.type,
        balance: event.amount,
        deposited: event.amount,
      });
    case 'BuyCommitted':
    case 'SellCommitted':
      return committed(event);
    case 'BuyAmountSet': {
      const { type, symbol, amount } = event;
      return entryOf({ event: type, symbol, balance: negate(amount), reserve: amount });
    }
    case 'BuyTriggerCancelled': {
      const { type, symbol, returned, replaced } = event;
      const name = replaced === true ? 'BuyTriggerReplaced' : type;
      return entryOf({ event: name, symbol, balance: returned, reserve: negate(returned) });
    }
    case 'SellTriggerArmed':
    case 'SellTriggerCancelled':
      return sharesReserved(event);
    case 'BuyTriggerFired':
    case 'SellTriggerFired':
      return fired(event);
    case 'BuyPlaced':
    case 'BuyCancelled':
    case 'SellPlaced':
    case 'SellCancelled':
    case 'SellAmountSet':
    case 'BuyTriggerArmed':
    case 'BuyTriggerDisarmed':
      return undefined;
  }
}

type EventOf<Type extends DomainEvent['type']> = Extract<DomainEvent, { readonly type: Type }>;

function committed({
  type,
  order,
}: EventOf<'BuyCommitted'> | EventOf<'SellCommitted'>): LedgerEntry {
  const { symbol, price } = order;
  const [money, count] =
    type === 'BuyCommitted'
      ? [negate(orderCost(order)), order.shares]
      : [orderCost(order), negateShares(order.shares)];
  return entryOf({
    event: type,
    symbol,
    price,
    balance: money,
    traded: money,
    holding: count,
    tradedShares: count,
  });
}

function sharesReserved(
  event: EventOf<'SellTriggerArmed'> | EventOf<'SellTriggerCancelled'>,
): LedgerEntry | undefined {
  const { type, symbol, released } = event;
  const back = type === 'SellTriggerArmed' ? subtractShares(released, event.shares) : released;
  if (back === NO_SHARES) return undefined;
  const armingId = type === 'SellTriggerArmed' ? event.arming.id : undefined;
  const isReplaced = type === 'SellTriggerCancelled' && event.replaced === true;
  return entryOf({
    event: isReplaced ? 'SellTriggerReplaced' : type,
    symbol,
    armingId,
    holding: back,
    reservedShares: negateShares(back),
  });
}

function fired(event: EventOf<'BuyTriggerFired'> | EventOf<'SellTriggerFired'>): LedgerEntry {
  const { type, symbol, price, shares } = event;
  const { id } = event.arming;
  const worth = costOf(shares, price);
  if (type === 'SellTriggerFired') {
    const sold = negateShares(shares);
    const moved = { balance: worth, traded: worth, reservedShares: sold, tradedShares: sold };
    return entryOf({ event: type, symbol, price, armingId: id, ...moved });
  }
  const { returned } = event;
  return entryOf({
    event: type,
    symbol,
    price,
    armingId: id,
    balance: returned,
    reserve: negate((worth + returned) as Cents),
    traded: negate(worth),
    holding: shares,
    tradedShares: shares,
  });
}
