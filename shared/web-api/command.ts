/** `POST /commands`: one command of SPEC §3, without its user, and its outcome. */
import Type from 'typebox';
import {
  commandGroups,
  COMMANDS,
  type CommandGroup,
  type CommandName,
  type FieldName,
  type FieldsOf,
  type ScopedName,
} from '../domain/command-catalogue.ts';
import type { Scope } from '../domain/command.ts';
import { CLOSED, schemaOf, type Schema } from './schema.ts';

/** Amounts and prices are dollars as text, `"100.00"`. */
type FieldTexts = Record<FieldName, string>;

/**
 * A request for a command of one name. Only tokens of a workload may give `number`, because its file
 * numbers the commands.
 */
type RequestOf<Name extends CommandName> = { command: Name; number?: number } & Pick<
  FieldTexts,
  FieldsOf<Name>
> &
  (Name extends ScopedName ? { scope?: Scope } : unknown);

export type CommandRequest = { [Name in CommandName]: RequestOf<Name> }[CommandName];

/** A request for a command of any name, to read each field that it may have. */
export type AnyRequest = {
  command: CommandName;
  scope?: Scope;
  number?: number;
} & Partial<FieldTexts>;

const dollars = Type.String({
  pattern: '^[0-9]{1,20}(\\.[0-9]{1,2})?$',
  description: 'dollars, at most two decimals, above 0, at most 1000000000.00',
});

const FIELD_SCHEMAS: Readonly<Record<FieldName, Type.TString>> = {
  symbol: Type.String({ pattern: '^[A-Za-z]{1,3}$' }),
  amount: dollars,
  price: dollars,
  file: Type.String({ minLength: 1, maxLength: 1_000 }),
};
const SCOPE = Type.Optional(Type.Union([Type.Literal('user'), Type.Literal('all')]));
const NUMBER = Type.Optional(
  Type.Integer({
    minimum: 1,
    maximum: Number.MAX_SAFE_INTEGER,
    description: 'the file’s number; for tokens of a workload alone',
  }),
);

/** One schema for all commands with the same fields, so that a fault is told in terms of those fields. */
function requestSchemaOf({ names, fields }: CommandGroup): Type.TObject {
  const literals = names.map((name) => Type.Literal(name, { description: COMMANDS[name].meaning }));
  const [only] = literals.length === 1 ? literals : [];
  const properties: Record<string, Type.TSchema> = { command: only ?? Type.Union(literals) };
  for (const field of fields) {
    if (field === 'user?') properties['scope'] = SCOPE;
    else if (field !== 'user') properties[field] = FIELD_SCHEMAS[field];
  }
  return Type.Object({ ...properties, number: NUMBER }, CLOSED);
}

export const COMMAND_REQUEST: Schema<CommandRequest> = Type.Union(
  commandGroups().map(requestSchemaOf),
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
