/** `GET /portfolio`: everything one user owns or has pending. Money in cents, shares whole. */
import Type from 'typebox';
import { centsSchema, schemaOf, type Schema } from './schema.ts';

export type Holding = {
  symbol: string;
  /** Owned, those of pending sells and of an armed sell trigger included. */
  shares: number;
  /** May be sold now. */
  available: number;
  /** In pending sells. */
  held: number;
  /** In an armed sell trigger. */
  reserved: number;
  /** What the shares cost, at their average cost. */
  cost: number;
  averageCost: number;
  /** The last known price; null where there never was one. */
  price: number | null;
  priceAt: number | null;
  value: number | null;
  /** value − cost. */
  profit: number | null;
  /** Since midnight UTC, trades of the day included. */
  dayProfit: number | null;
};

export type PendingOrder = {
  no: number;
  side: 'buy' | 'sell';
  symbol: string;
  shares: number;
  price: number;
  cost: number;
  placedAt: number;
  expiresAt: number;
  /** The most recent of its side: the one a commit or cancel takes. */
  next: boolean;
};

export type Trigger = {
  symbol: string;
  side: 'buy' | 'sell';
  /** `set`: has an amount and no price yet. */
  state: 'set' | 'armed';
  /** Of a buy the reserve, of a sell what to sell for. */
  amount: number;
  price: number | null;
  /** That a sell trigger reserves. */
  shares: number | null;
};

/** A trigger that is gone. */
export type EndedTrigger = {
  at: number;
  number: number;
  symbol: string;
  side: 'buy' | 'sell';
  state: 'fired' | 'cancelled';
  price: number | null;
  /** Bought or sold. */
  shares: number;
  /** What it paid (−) or brought (+), of a cancelled one 0. */
  traded: number;
};

export type Portfolio = {
  user: string;
  now: number;
  /** Whether there was an accepted `ADD` yet. */
  opened: boolean;
  balance: number;
  /** Of the balance, in pending buys. */
  held: number;
  /** balance − held. */
  available: number;
  /** In buy triggers; not in the balance. */
  reserved: number;
  /** balance + reserved + shares at their last price. */
  value: number;
  deposited: number;
  /** value − deposited. */
  profit: number;
  /** Since midnight UTC, without what was deposited. */
  dayProfit: number;
  holdings: Holding[];
  /** The most recent of a side first. */
  orders: PendingOrder[];
  triggers: Trigger[];
  /** The latest 20. */
  endedTriggers: EndedTrigger[];
  /** Changes whenever anything but prices does. */
  version: string;
};

const side = Type.Union([Type.Literal('buy'), Type.Literal('sell')]);
const orNull = (description: string): Type.TUnion<[Type.TInteger, Type.TNull]> =>
  Type.Union([Type.Integer(), Type.Null()], { description });

export const PORTFOLIO: Schema<Portfolio> = schemaOf<Portfolio>()(
  Type.Object({
    user: Type.String(),
    now: Type.Integer(),
    opened: Type.Boolean(),
    balance: centsSchema('cents'),
    held: centsSchema('of the balance, in pending buys'),
    available: centsSchema('balance − held'),
    reserved: centsSchema('in buy triggers; not in the balance'),
    value: centsSchema('balance + reserved + shares at their last price'),
    deposited: centsSchema('all that was added'),
    profit: centsSchema('value − deposited'),
    dayProfit: centsSchema('since midnight UTC, without what was deposited'),
    holdings: Type.Array(
      Type.Object({
        symbol: Type.String(),
        shares: Type.Integer(),
        available: Type.Integer(),
        held: Type.Integer(),
        reserved: Type.Integer(),
        cost: Type.Integer(),
        averageCost: Type.Integer(),
        price: orNull('the last known price'),
        priceAt: orNull('when it was received'),
        value: orNull('shares × price'),
        profit: orNull('value − cost'),
        dayProfit: orNull('since midnight UTC'),
      }),
    ),
    orders: Type.Array(
      Type.Object({
        no: Type.Integer(),
        side,
        symbol: Type.String(),
        shares: Type.Integer(),
        price: Type.Integer(),
        cost: Type.Integer(),
        placedAt: Type.Integer(),
        expiresAt: Type.Integer(),
        next: Type.Boolean({ description: 'the one a commit or cancel takes' }),
      }),
    ),
    triggers: Type.Array(
      Type.Object({
        symbol: Type.String(),
        side,
        state: Type.Union([Type.Literal('set'), Type.Literal('armed')]),
        amount: Type.Integer(),
        price: orNull('once armed'),
        shares: orNull('that a sell trigger reserves'),
      }),
    ),
    endedTriggers: Type.Array(
      Type.Object({
        at: Type.Integer(),
        number: Type.Integer(),
        symbol: Type.String(),
        side,
        state: Type.Union([Type.Literal('fired'), Type.Literal('cancelled')]),
        price: orNull('at which it fired'),
        shares: Type.Integer(),
        traded: Type.Integer(),
      }),
    ),
    version: Type.String(),
  }),
);
