/** `GET /inbox`: the user's fired triggers, the latest first, also those that fired while no page was open. */
import Type from 'typebox';
import { CLOSED, ID_PATTERN, schemaOf, type Schema } from './schema.ts';

export type InboxItem = {
  /** The id of the ledger entry. */
  id: string;
  at: number;
  number: number;
  symbol: string;
  side: 'buy' | 'sell';
  price: number;
  shares: number;
  /** The money that the trade paid (−) or brought (+). */
  traded: number;
  unread: boolean;
};

/** The latest 100. */
export type Inbox = { items: InboxItem[] };

export const INBOX: Schema<Inbox> = schemaOf<Inbox>()(
  Type.Object({
    items: Type.Array(
      Type.Object({
        id: Type.String(),
        at: Type.Integer(),
        number: Type.Integer(),
        symbol: Type.String(),
        side: Type.Union([Type.Literal('buy'), Type.Literal('sell')]),
        price: Type.Integer(),
        shares: Type.Integer(),
        traded: Type.Integer(),
        unread: Type.Boolean(),
      }),
    ),
  }),
);

/** `PUT /inbox`: everything up to this item is read. An earlier one than before changes nothing. */
export type InboxRead = { readUpTo: string };
export const INBOX_READ: Schema<InboxRead> = schemaOf<InboxRead>()(
  Type.Object({ readUpTo: Type.String({ pattern: ID_PATTERN }) }, CLOSED),
);
