/** `GET /history`: the ledger or the commands of a user, the latest first. */
import Type from 'typebox';
import { CLOSED, INSTANT_MAX, PRINTABLE, schemaOf, type Schema } from './schema.ts';

/**
 * `ledger`: every movement of money and shares. `commands`: every command with its outcome, including
 * rejected ones and orders that were never committed.
 */
export type HistoryOf = 'ledger' | 'commands';

export type HistoryQuery = {
  of?: HistoryOf;
  symbol?: string;
  /** An event (`BuyCommitted`) or a command (`BUY`), matched exactly. */
  type?: string;
  /** For commands only. */
  outcome?: 'accepted' | 'rejected';
  /** A text that the symbol, the type, the number or the reason must contain. */
  q?: string;
  from?: number;
  /** Exclusive. */
  to?: number;
  cursor?: string;
  limit?: number;
};

const HISTORY_LIMIT_MAX = 200;
export const HISTORY_LIMIT_DEFAULT = 50;

const of = Type.Union([Type.Literal('ledger'), Type.Literal('commands')]);
const outcome = Type.Union([Type.Literal('accepted'), Type.Literal('rejected')]);

export const HISTORY_QUERY: Schema<HistoryQuery> = schemaOf<HistoryQuery>()(
  Type.Object(
    {
      of: Type.Optional(of),
      symbol: Type.Optional(Type.String({ pattern: '^[A-Za-z]{1,3}$' })),
      type: Type.Optional(Type.String({ pattern: '^[A-Za-z_]{1,40}$' })),
      outcome: Type.Optional(outcome),
      q: Type.Optional(Type.String({ pattern: PRINTABLE, maxLength: 40 })),
      from: Type.Optional(Type.Integer({ minimum: 0, maximum: INSTANT_MAX })),
      to: Type.Optional(Type.Integer({ minimum: 0, maximum: INSTANT_MAX })),
      // A bigint and, for commands, an int. Nine digits are below 2³¹.
      cursor: Type.Optional(Type.String({ pattern: '^[0-9]{1,18}(\\.[0-9]{1,9})?$' })),
      limit: Type.Optional(Type.Integer({ minimum: 1, maximum: HISTORY_LIMIT_MAX })),
    },
    CLOSED,
  ),
);

/** A movement of money or shares, in signed cents and shares. */
export type LedgerItem = {
  of: 'ledger';
  id: string;
  at: number;
  number: number;
  /** Such as `FundsAdded`, `BuyCommitted`, `SellTriggerFired`. */
  type: string;
  symbol: string | null;
  price: number | null;
  /** The change of the balance. */
  balance: number;
  balanceAfter: number;
  /** The change of a buy trigger's reserve. */
  reserve: number;
  /** The change of the holding. */
  shares: number;
  /** The change of the shares that a sell trigger reserves. */
  reservedShares: number;
};

/**
 * `pending`, `committed`, `cancelled` and `expired` say what became of the order that the command placed or decided;
 * `refused`: the command was rejected; `done`: it took effect, and has no order.
 */
export type CommandStatus = 'done' | 'pending' | 'committed' | 'cancelled' | 'expired' | 'refused';

/** A command of the user. */
export type CommandItem = {
  of: 'commands';
  id: string;
  at: number;
  number: number;
  /** Such as `BUY`. */
  type: string;
  symbol: string | null;
  /** The shares of the order that the command placed or decided. */
  shares: number | null;
  /** The price of that order, the price of a trigger, or that with which a QUOTE was answered. */
  price: number | null;
  /** The amount that the command gave. */
  amount: number | null;
  /** shares × price. */
  total: number | null;
  outcome: 'accepted' | 'rejected';
  status: CommandStatus;
  /** Why the command was rejected; null if it was accepted. */
  reason: string | null;
};

export type HistoryItem = LedgerItem | CommandItem;

/** `next` is the cursor of the next page; null on the last page. */
export type History = { items: HistoryItem[]; next: string | null };

const status = Type.Union([
  Type.Literal('done'),
  Type.Literal('pending'),
  Type.Literal('committed'),
  Type.Literal('cancelled'),
  Type.Literal('expired'),
  Type.Literal('refused'),
]);
const integerOrNull = Type.Union([Type.Integer(), Type.Null()]);
const stringOrNull = Type.Union([Type.String(), Type.Null()]);

export const HISTORY: Schema<History> = schemaOf<History>()(
  Type.Object({
    items: Type.Array(
      Type.Union([
        Type.Object({
          of: Type.Literal('ledger'),
          id: Type.String(),
          at: Type.Integer(),
          number: Type.Integer(),
          type: Type.String(),
          symbol: stringOrNull,
          price: integerOrNull,
          balance: Type.Integer({ description: 'the change' }),
          balanceAfter: Type.Integer(),
          reserve: Type.Integer(),
          shares: Type.Integer(),
          reservedShares: Type.Integer(),
        }),
        Type.Object({
          of: Type.Literal('commands'),
          id: Type.String(),
          at: Type.Integer(),
          number: Type.Integer(),
          type: Type.String(),
          symbol: stringOrNull,
          shares: integerOrNull,
          price: integerOrNull,
          amount: integerOrNull,
          total: integerOrNull,
          outcome,
          status,
          reason: stringOrNull,
        }),
      ]),
    ),
    next: stringOrNull,
  }),
);
