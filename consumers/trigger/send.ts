/** What the trigger consumer sends: firings to the shards of their users, and requests for quotes. */
import type { Publication, Publisher } from '../../shared/amqp/publisher.ts';
import { shardOf } from '../../shared/domain/shard.ts';
import {
  commandsExchange,
  QUOTE_REQUESTS_EXCHANGE,
  QUOTE_SHARDS,
  shardKey,
} from '../../shared/messages/address.ts';
import { renderCommandMessage, type UserFiring } from '../../shared/messages/command-message.ts';
import { renderQuoteRequest } from '../../shared/messages/quote-message.ts';
import type { StaleSymbol } from '../../shared/pg/armed-triggers.ts';

type Met = {
  readonly firings: readonly UserFiring[];
  /** Of the quote that met them. */
  readonly trace?: Publication['trace'];
};

/** Firing removes the arming, so a firing that is sent twice does no harm. */
export async function sendFirings(
  publisher: Publisher,
  shardCount: number,
  { firings, trace }: Met,
): Promise<void> {
  await Promise.all(
    firings.map((firing) =>
      publisher.publish({
        exchange: commandsExchange(shardCount),
        key: shardKey(shardOf(firing.user, shardCount)),
        body: renderCommandMessage(firing),
        type: 'firing',
        trace,
      }),
    ),
  );
}

/** Nobody waits for these replies: the news of a changed price comes to everyone. */
export async function askQuotes(
  publisher: Publisher,
  stale: readonly StaleSymbol[],
): Promise<void> {
  await Promise.all(
    stale.map(({ symbol, user, number, armingId }) =>
      publisher.publish({
        exchange: QUOTE_REQUESTS_EXCHANGE,
        key: shardKey(shardOf(symbol, QUOTE_SHARDS)),
        body: renderQuoteRequest({ symbol, asker: { id: `arming/${armingId}`, user, number } }),
        type: 'quote-request',
        transient: true,
      }),
    ),
  );
}
