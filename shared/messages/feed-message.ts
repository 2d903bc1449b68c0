/** The messages of the feed, which say what happened to accounts. docs/feed.asyncapi.yaml tells readers of them. */
import { FEED_EXCHANGE, feedKey } from './address.ts';

export const FEED_MESSAGE_TYPE = 'feed';

/** The last part of the routing key. */
export type FeedKind =
  | 'funds-added'
  | 'bought'
  | 'sold'
  | 'order-expired'
  | 'trigger-armed'
  | 'trigger-fired'
  | 'trigger-cancelled';

/** What happened to an account. Money in cents; absent fields do not apply to the kind. */
export type AccountEvent = {
  readonly kind: FeedKind;
  readonly user: string;
  /** Unix milliseconds of the database's clock. */
  readonly at: number;
  /** The transaction number of the command that did it; absent if an order expired. */
  readonly number?: number | undefined;
  readonly amount?: number | undefined;
  readonly side?: 'buy' | 'sell' | undefined;
  readonly symbol?: string | undefined;
  readonly shares?: number | undefined;
  readonly price?: number | undefined;
};

/** Renders the events of one transaction, in their order, as they are stored until they are published. */
export const renderFeedRow = (events: readonly AccountEvent[]): string => JSON.stringify(events);

export type FeedPublication = {
  readonly user: string;
  readonly exchange: string;
  readonly key: string;
  readonly messageId: string;
  readonly body: Buffer;
};

const ROW_DIGITS = 16;
const EVENT_DIGITS = 6;

/** Ids of one user are in the order of the events as texts, and a message that comes again has its id. */
const feedId = (row: bigint, index: number): string =>
  `${row.toString().padStart(ROW_DIGITS, '0')}-${index.toString().padStart(EVENT_DIGITS, '0')}`;

/** Returns the messages of a stored row, in their order. */
export function feedPublications(row: bigint, body: string): readonly FeedPublication[] {
  return (JSON.parse(body) as readonly AccountEvent[]).map((event, index) => {
    const id = feedId(row, index);
    return {
      user: event.user,
      exchange: FEED_EXCHANGE,
      key: feedKey(event.user, event.kind),
      messageId: id,
      body: Buffer.from(JSON.stringify({ v: 1, id, ...event })),
    };
  });
}
