/** `POST /commands`: one command of SPEC §3, without its user, and its outcome. */
import Type from 'typebox';
import { CLOSED, schemaOf, type Schema } from './schema.ts';

export type StockCommandName = 'QUOTE' | 'CANCEL_SET_BUY' | 'CANCEL_SET_SELL';
export type StockAmountCommandName = 'BUY' | 'SELL' | 'SET_BUY_AMOUNT' | 'SET_SELL_AMOUNT';
export type StockPriceCommandName = 'SET_BUY_TRIGGER' | 'SET_SELL_TRIGGER';
export type PlainCommandName =
  'COMMIT_BUY' | 'CANCEL_BUY' | 'COMMIT_SELL' | 'CANCEL_SELL' | 'DISPLAY_SUMMARY';

/**
 * Amounts and prices are dollars as text, `"100.00"`. Only tokens of a workload may give `number`, because
 * its file numbers the commands.
 */
export type CommandRequest =
  | { command: 'ADD'; amount: string; number?: number }
  | { command: StockCommandName; symbol: string; number?: number }
  | { command: StockAmountCommandName; symbol: string; amount: string; number?: number }
  | { command: StockPriceCommandName; symbol: string; price: string; number?: number }
  | { command: PlainCommandName; number?: number }
  | { command: 'DUMPLOG'; file: string; scope?: 'user' | 'all'; number?: number };

const amount = Type.String({
  pattern: '^[0-9]{1,20}(\\.[0-9]{1,2})?$',
  description: 'dollars, at most two decimals, above 0, at most 1000000000.00',
});
const symbol = Type.String({ pattern: '^[A-Za-z]{1,3}$' });
const number = Type.Optional(
  Type.Integer({
    minimum: 1,
    maximum: Number.MAX_SAFE_INTEGER,
    description: 'the file’s number; for tokens of a workload alone',
  }),
);

export const COMMAND_REQUEST: Schema<CommandRequest> = schemaOf<CommandRequest>()(
  Type.Union([
    Type.Object({ command: Type.Literal('ADD'), amount, number }, CLOSED),
    Type.Object(
      {
        command: Type.Union([
          Type.Literal('QUOTE'),
          Type.Literal('CANCEL_SET_BUY'),
          Type.Literal('CANCEL_SET_SELL'),
        ]),
        symbol,
        number,
      },
      CLOSED,
    ),
    Type.Object(
      {
        command: Type.Union([
          Type.Literal('BUY'),
          Type.Literal('SELL'),
          Type.Literal('SET_BUY_AMOUNT'),
          Type.Literal('SET_SELL_AMOUNT'),
        ]),
        symbol,
        amount,
        number,
      },
      CLOSED,
    ),
    Type.Object(
      {
        command: Type.Union([Type.Literal('SET_BUY_TRIGGER'), Type.Literal('SET_SELL_TRIGGER')]),
        symbol,
        price: amount,
        number,
      },
      CLOSED,
    ),
    Type.Object(
      {
        command: Type.Union([
          Type.Literal('COMMIT_BUY'),
          Type.Literal('CANCEL_BUY'),
          Type.Literal('COMMIT_SELL'),
          Type.Literal('CANCEL_SELL'),
          Type.Literal('DISPLAY_SUMMARY'),
        ]),
        number,
      },
      CLOSED,
    ),
    Type.Object(
      {
        command: Type.Literal('DUMPLOG'),
        file: Type.String({ minLength: 1, maxLength: 1_000 }),
        scope: Type.Optional(Type.Union([Type.Literal('user'), Type.Literal('all')])),
        number,
      },
      CLOSED,
    ),
  ]),
);

/** The order that a `BUY` or `SELL` placed, or that a commit or cancel ended. */
export type OrderDetails = {
  side: 'buy' | 'sell';
  symbol: string;
  shares: number;
  /** In cents per share. */
  price: number;
  /** In cents: shares × price. */
  cost: number;
  placedAt: number;
  expiresAt: number;
};

export type Accepted = {
  number: number;
  outcome: 'accepted';
  /** In cents, after the command. */
  balance?: number;
  /** In cents: the quote that the command used. It is the answer to a `QUOTE`. */
  price?: number;
  order?: OrderDetails;
  /** The events of the command, as the transaction process sends them; money in cents. */
  events?: Record<string, unknown>[];
  /** The answer to a `DISPLAY_SUMMARY`. */
  summary?: Record<string, unknown>;
  /** The file name of a `DUMPLOG`, as in the request. */
  dump?: string;
  /** The present state of the dump. `asked`: it is not written yet. */
  dumpState?: 'asked' | 'written' | 'not-written';
  /** The path of the dump in the data folder of the system. */
  dumpPath?: string;
  /** Why the dump cannot be written: a code of docs/ERRORS.md, and a sentence. */
  dumpFault?: { code: string; message: string };
};

/** `code` is a rejection of SPEC §3, and `message` its text for a person. */
export type Rejected = { number: number; outcome: 'rejected'; code: string; message: string };

export type CommandAnswer = Accepted | Rejected;

const anything = Type.Record(Type.String(), Type.Unknown());

export const COMMAND_ANSWER: Schema<CommandAnswer> = schemaOf<CommandAnswer>()(
  Type.Union([
    Type.Object({
      number: Type.Integer({ description: 'the transaction number' }),
      outcome: Type.Literal('accepted'),
      balance: Type.Optional(Type.Integer({ description: 'cents, after the command' })),
      price: Type.Optional(Type.Integer({ description: 'cents: the quote it used' })),
      order: Type.Optional(
        Type.Object({
          side: Type.Union([Type.Literal('buy'), Type.Literal('sell')]),
          symbol: Type.String(),
          shares: Type.Integer(),
          price: Type.Integer(),
          cost: Type.Integer(),
          placedAt: Type.Integer(),
          expiresAt: Type.Integer(),
        }),
      ),
      events: Type.Optional(Type.Array(anything)),
      summary: Type.Optional(anything),
      dump: Type.Optional(Type.String()),
      dumpState: Type.Optional(
        Type.Union([Type.Literal('asked'), Type.Literal('written'), Type.Literal('not-written')], {
          description: 'asked: accepted, and still to be written',
        }),
      ),
      dumpPath: Type.Optional(Type.String({ description: 'in the data folder of the system' })),
      dumpFault: Type.Optional(Type.Object({ code: Type.String(), message: Type.String() })),
    }),
    Type.Object({
      number: Type.Integer(),
      outcome: Type.Literal('rejected'),
      code: Type.String({ description: 'a rejection of docs/ERRORS.md' }),
      message: Type.String(),
    }),
  ]),
);

export const IDEMPOTENCY_KEY_PATTERN = '^[A-Za-z0-9_.:-]{8,128}$';
