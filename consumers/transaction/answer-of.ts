/** The outcomes that requesters receive: money in cents, whole shares. */
import type { Command } from '../../shared/domain/command.ts';
import type { Decision } from '../../shared/domain/decision.ts';
import { dumpPath } from '../../shared/domain/dump-path.ts';
import type { DomainEvent } from '../../shared/domain/event.ts';
import type { Order } from '../../shared/domain/order.ts';
import { available, held, type Portfolio } from '../../shared/domain/portfolio.ts';
import { describeRejection, type Rejection } from '../../shared/domain/rejection.ts';
import type { BuyTrigger, SellTrigger } from '../../shared/domain/trigger.ts';
import type { Outcome } from '../../shared/messages/answer-message.ts';
import type { JsonRecord } from '../../shared/messages/json.ts';
import type { RecentEntry } from '../../shared/ports/batch-store.ts';

/** Returns the outcome of a rejected command, with its own message or that of the rejection. */
export const rejectedOutcome = (rejection: Rejection, message?: string): Outcome => ({
  is: 'rejected',
  reason: rejection,
  message: message ?? describeRejection(rejection),
});

/** Returns the outcome of an accepted command: the balance, the price that it used, and its events. */
export function acceptedOutcome(
  decision: Extract<Decision, { type: 'accepted' }>,
  after: Portfolio,
): Outcome {
  const { events, usedPrice } = decision;
  return {
    is: 'accepted',
    answer: {
      balance: Number(after.balance),
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

/** Returns the first answer to `DUMPLOG`: the dump is accepted, and an audit process will write it. */
export const dumpAskedOutcome = (
  { user, stream = '' }: { readonly user: string; readonly stream: string | undefined },
  { scope, file }: Extract<Command, { type: 'DUMPLOG' }>,
): Outcome => ({
  is: 'accepted',
  answer: { dump: 'asked', file, path: dumpPath({ user, scope, stream }, file) },
});

/** Returns the answer to `DISPLAY_SUMMARY`. */
export const summaryOutcome = (portfolio: Portfolio, latest: readonly RecentEntry[]): Outcome => ({
  is: 'accepted',
  answer: {
    balance: Number(portfolio.balance),
    held: Number(held(portfolio)),
    available: Number(available(portfolio)),
    holdings: Object.fromEntries(
      [...portfolio.holdings].map(([symbol, shares]) => [symbol, Number(shares)]),
    ),
    pendingBuys: portfolio.buys.map(plainOrder),
    pendingSells: portfolio.sells.map(plainOrder),
    buyTriggers: plainTriggers(portfolio.buyTriggers),
    sellTriggers: plainTriggers(portfolio.sellTriggers),
    latest,
  },
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
