/** Sends firings to the shards of their users, and requests for quotes to the quote service. */
import type { Publication, Publisher } from '../../shared/amqp/publisher.ts';
import { shardOf } from '../../shared/domain/shard.ts';
import {
  commandsExchange,
  QUOTE_REQUESTS_EXCHANGE,
  QUOTE_SHARDS,
  shardKey,
} from '../../shared/messages/address.ts';
import { renderCommandMessage, type UserFiring } from '../../shared/messages/command-message.ts';
import { armingAskerId, renderQuoteRequest } from '../../shared/messages/quote-message.ts';
import type { StaleSymbol } from '../../shared/pg/armed-triggers.ts';

type Met = {
  readonly firings: readonly UserFiring[];
  /** The trace of the quote that met them. */
  readonly trace?: Publication['trace'];
};

/**
 * Sends firings; resolves once they are confirmed. A firing that is sent twice takes effect once, because
 * firing removes the arming.
 */
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

/** Requests fresh quotes without a reply queue, because a changed quote is published to everyone. */
export async function askQuotes(
  publisher: Publisher,
  stale: readonly StaleSymbol[],
): Promise<void> {
  await Promise.all(
    stale.map(({ symbol, user, number, armingId }) =>
      publisher.publish({
        exchange: QUOTE_REQUESTS_EXCHANGE,
        key: shardKey(shardOf(symbol, QUOTE_SHARDS)),
        body: renderQuoteRequest({ symbol, asker: { id: armingAskerId(armingId), user, number } }),
        type: 'quote-request',
        transient: true,
      }),
    ),
  );
}
