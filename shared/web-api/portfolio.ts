/** `GET /portfolio`: everything that one user owns or has pending. Money is in cents. */
import Type from 'typebox';
import {
  centsSchema,
  CLOSED,
  INSTANT_MAX,
  instantSchema,
  schemaOf,
  type Schema,
} from './schema.ts';

/** `at`: the instant up to which commands count. The ledger alone answers it, without pending orders and triggers. */
type PortfolioQuery = { at?: number };

export const PORTFOLIO_QUERY: Schema<PortfolioQuery> = schemaOf<PortfolioQuery>()(
  Type.Object(
    {
      at: Type.Optional(
        Type.Integer({
          minimum: 0,
          maximum: INSTANT_MAX,
          description:
            'everything decided up to this time, from the ledger alone: `orders` and `triggers` are empty, `held` is 0',
        }),
      ),
    },
    CLOSED,
  ),
);

export type Holding = {
  symbol: string;
  /** The shares owned, including those in pending sells and in an armed sell trigger. */
  shares: number;
  /** The shares that can be sold now. */
  available: number;
  /** The shares in pending sells. */
  held: number;
  /** The shares that an armed sell trigger reserves. */
  reserved: number;
  /** The cost of the shares, at their average cost. */
  cost: number;
  averageCost: number;
  /** The last known price; null if there was none yet. */
  price: number | null;
  priceAt: number | null;
  value: number | null;
  /** value − cost. */
  unrealised: number | null;
  /** What all sales of the stock brought, minus the average cost of the shares sold. */
  realised: number;
  /** realised + unrealised. */
  profit: number | null;
  /** The profit since `dayStartedAt`, including trades of the day. */
  dayProfit: number | null;
};

/** A stock whose shares are all sold. Its profit is what it realised. */
export type ClosedPosition = {
  symbol: string;
  realised: number;
  dayProfit: number;
  /** The time of the last sale. */
  closedAt: number;
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
  /** Whether the order is the most recent of its side, which the next commit or cancel ends. */
  next: boolean;
};

export type Trigger = {
  symbol: string;
  side: 'buy' | 'sell';
  /** `set`: the trigger has an amount, but no price yet. */
  state: 'set' | 'armed';
  /** The reserve of a buy trigger, or the amount that a sell trigger sells for. */
  amount: number;
  price: number | null;
  /** The shares that an armed sell trigger reserves. */
  shares: number | null;
};

/** A trigger that fired or was cancelled. */
export type EndedTrigger = {
  at: number;
  number: number;
  symbol: string;
  side: 'buy' | 'sell';
  state: 'fired' | 'cancelled';
  price: number | null;
  /** The shares bought or sold. */
  shares: number;
  /** The money that it paid (−) or brought (+); 0 if it was cancelled. */
  traded: number;
};

export type PortfolioView = {
  user: string;
  now: number;
  /** Whether the account exists: the first accepted `ADD` opens it. */
  opened: boolean;
  balance: number;
  /** The part of the balance in pending buys. */
  held: number;
  /** balance − held. */
  available: number;
  /** The reserves of buy triggers, which are not in the balance. */
  reserved: number;
  /** balance + reserved + shares at their last price, or at cost if none is known. */
  value: number;
  deposited: number;
  /** The sum of what all holdings and closed positions realised. */
  realised: number;
  /** The sum over the holdings. */
  unrealised: number;
  /** realised + unrealised, which equals value − deposited. */
  profit: number;
  /** The sum over all holdings and closed positions; deposits do not count. */
  dayProfit: number;
  /** The last midnight UTC. */
  dayStartedAt: number;
  holdings: Holding[];
  /** The one closed last first. */
  closedPositions: ClosedPosition[];
  /** The most recent first. */
  orders: PendingOrder[];
  triggers: Trigger[];
  /** The latest 20, the latest first. */
  endedTriggers: EndedTrigger[];
  /** The fired triggers that the user has not seen in the inbox; at most 100 are counted. */
  unreadFirings: number;
  /** Changes whenever anything but prices changes. */
  version: string;
};

const side = Type.Union([Type.Literal('buy'), Type.Literal('sell')]);
const orNull = (description: string): Type.TUnion<[Type.TInteger, Type.TNull]> =>
  Type.Union([Type.Integer(), Type.Null()], { description });

export const PORTFOLIO: Schema<PortfolioView> = schemaOf<PortfolioView>()(
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
    realised: centsSchema('what sales brought, minus the average cost of the shares sold'),
    unrealised: centsSchema('the value of all shares, minus their cost'),
    profit: centsSchema('realised + unrealised = value − deposited'),
    dayProfit: centsSchema('since midnight UTC, without what was deposited'),
    dayStartedAt: instantSchema('the last midnight UTC'),
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
        unrealised: orNull('value − cost'),
        realised: centsSchema('what sales brought, minus the average cost of the shares sold'),
        profit: orNull('realised + unrealised'),
        dayProfit: orNull('since midnight UTC'),
      }),
    ),
    closedPositions: Type.Array(
      Type.Object({
        symbol: Type.String(),
        realised: centsSchema('what sales brought, minus the average cost of the shares sold'),
        dayProfit: centsSchema('since midnight UTC'),
        closedAt: instantSchema('of the last sale'),
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
    unreadFirings: Type.Integer({ description: 'fired triggers that were not read; at most 100' }),
    version: Type.String(),
  }),
);
