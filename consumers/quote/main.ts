/** A quote process: answers requests for quotes, with as few hits on the legacy server as possible. */
import { QUOTE_SHARDS } from '../../shared/messages/address.ts';
import { parseQuoteRequest } from '../../shared/messages/quote-message.ts';
import { quoteQueueSpec } from '../../shared/messages/topology.ts';
import { CONNECTIONS } from '../../shared/pg/connection-budget.ts';
import { serve } from '../../shared/service/serve.ts';
import { openQuoteSources } from './open-quote-sources.ts';
import { measureQuotes } from './quote-meter.ts';
import { serveRequest } from './publish-quote.ts';

/** The most unacked requests of a quote shard; they may all wait for hits. */
const PREFETCH = 500;

/** The last connection of the budget holds the claims of symbols. */
const SPEC = { connections: CONNECTIONS.quote - 1, pipeline: true };

await serve('quote', SPEC, async (service) => {
  const sources = await openQuoteSources(service);
  measureQuotes(service.metrics, sources);
  await Promise.all(
    [...Array(QUOTE_SHARDS).keys()].map((shard) =>
      service.consume({
        queue: quoteQueueSpec(shard),
        parse: parseQuoteRequest,
        handle: serveRequest(sources.book, service),
        parkedAs: 'quotes',
        prefetch: PREFETCH,
      }),
    ),
  );
  return {
    drain: async () => {
      await service.stopConsuming();
      await sources.close();
    },
  };
});
