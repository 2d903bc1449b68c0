/** The outcomes that requesters receive: money in cents, whole shares. */
import type { DomainEvent } from '../../shared/domain/event.ts';
import { dumpPath } from '../../shared/domain/dump-path.ts';
import type { Order } from '../../shared/domain/order.ts';
import { available, held } from '../../shared/domain/portfolio.ts';
import type { BuyTrigger, SellTrigger } from '../../shared/domain/trigger.ts';
import type { Outcome } from '../../shared/messages/answer-message.ts';
import type { JsonRecord } from '../../shared/messages/json.ts';
import type { DecidedCommand } from './decided-command.ts';

/** Returns the outcome of a decided command for its requester. */
export function outcomeOf(decided: DecidedCommand): Outcome {
  const { command, decision, reason = '' } = decided;
  if (decision.type === 'rejected') {
    return { is: 'rejected', reason: decision.rejection, message: reason };
  }
  if (command.type === 'DISPLAY_SUMMARY') return { is: 'accepted', answer: summary(decided) };
  if (command.type === 'DUMPLOG') {
    // The dump is accepted, and an audit process will write it.
    const { user, stream = '' } = decided.source;
    const { file, scope } = command;
    const path = dumpPath({ user, scope, stream }, file);
    return { is: 'accepted', answer: { dump: 'asked', file, path } };
  }
  const { events, usedPrice } = decision;
  return {
    is: 'accepted',
    answer: {
      balance: Number(decided.after.balance),
      ...(usedPrice !== undefined && { price: Number(usedPrice) }),
      ...(events.length > 0 && { events: events.map(plainEvent) }),
    },
  };
}

/** Flattens an event: an order gives its fields, an arming its price; bigints become numbers. */
function plainEvent({ type, ...fields }: DomainEvent): JsonRecord {
  const plain: Record<string, unknown> = { type };
  for (const [name, value] of Object.entries(fields)) {
    if (name === 'order') Object.assign(plain, plainOrder(value as Order));
    else if (name === 'arming') plain['triggerPrice'] = Number((value as { price: bigint }).price);
    else plain[name] = typeof value === 'bigint' ? Number(value) : value;
  }
  return plain;
}

const plainOrder = ({ symbol, shares, price, at }: Order): JsonRecord => ({
  symbol,
  shares: Number(shares),
  price: Number(price),
  at,
});

/** The answer to `DISPLAY_SUMMARY`. */
const summary = ({ after, recent }: DecidedCommand): JsonRecord => ({
  balance: Number(after.balance),
  held: Number(held(after)),
  available: Number(available(after)),
  holdings: Object.fromEntries(
    [...after.holdings].map(([symbol, shares]) => [symbol, Number(shares)]),
  ),
  pendingBuys: after.buys.map(plainOrder),
  pendingSells: after.sells.map(plainOrder),
  buyTriggers: plainTriggers(after.buyTriggers),
  sellTriggers: plainTriggers(after.sellTriggers),
  latest: recent,
});

const plainTriggers = (triggers: ReadonlyMap<string, BuyTrigger | SellTrigger>): JsonRecord =>
  Object.fromEntries(
    [...triggers].map(([symbol, { amount, arming }]) => [
      symbol,
      {
        amount: Number(amount),
        price: arming === undefined ? null : Number(arming.price),
        ...(arming !== undefined && 'shares' in arming && { shares: Number(arming.shares) }),
      },
    ]),
  );
