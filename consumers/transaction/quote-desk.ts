/** The quotes this process knows (cache level 1), and asking the quote service for others. */
import { v7 as uuidV7 } from 'uuid';
import type { Publisher } from '../../shared/amqp/publisher.ts';
import type { StockSymbol } from '../../shared/domain/identity.ts';
import { shardOf } from '../../shared/domain/shard.ts';
import type { Instant } from '../../shared/domain/time.ts';
import { QUOTE_REQUESTS_EXCHANGE, QUOTE_SHARDS, shardKey } from '../../shared/messages/address.ts';
import {
  renderQuoteRequest,
  type Asker,
  type QuoteReply,
  type ReceivedQuote,
} from '../../shared/messages/quote-message.ts';
import type { DatabaseClock } from '../../shared/pg/database-clock.ts';
import { deferred, type Deferred } from '../../shared/runtime/deferred.ts';
import type { Logger } from '../../shared/runtime/logger.ts';

/** A request that is not answered is asked again; the service coalesces, so it costs no hit. */
const ASK_AGAIN_MS = 3_000;
/** The service settles within 15 s; beyond this it counts as unavailable. */
const SETTLE_MAX_MS = 20_000;
const SYMBOLS_MAX = 20_000;

export interface QuoteDesk {
  /** The symbol's quote, if it is fresh at that instant. */
  fresh(symbol: StockSymbol, now: Instant): ReceivedQuote | undefined;
  /** Resolves once a fresh quote is known here (true), or none is to be had (false). */
  ask(symbol: StockSymbol, asker: Asker): Promise<boolean>;
  /** Takes a reply, or news of a changed price. */
  learn(reply: QuoteReply): void;
}

export type QuoteDeskOptions = {
  readonly publisher: Publisher;
  readonly replyTo: string;
  readonly clock: DatabaseClock;
  readonly quoteLifetimeMs: number;
  readonly log: Logger;
};

export function openQuoteDesk(options: QuoteDeskOptions): QuoteDesk {
  const { clock, quoteLifetimeMs } = options;
  const known = new Map<StockSymbol, ReceivedQuote>();
  const asked = new Map<StockSymbol, Deferred<boolean>>();

  const fresh = (symbol: StockSymbol, now: Instant): ReceivedQuote | undefined => {
    const quote = known.get(symbol);
    return quote !== undefined && now < quote.receivedAt + quoteLifetimeMs ? quote : undefined;
  };
  const settle = (symbol: StockSymbol, isKnown: boolean): void => {
    asked.get(symbol)?.resolve(isKnown);
    asked.delete(symbol);
  };

  return {
    fresh,
    ask: (symbol, asker) => {
      if (fresh(symbol, clock.now()) !== undefined) return Promise.resolve(true);
      const present = asked.get(symbol);
      if (present !== undefined) return present.promise;
      const pending = deferred<boolean>();
      asked.set(symbol, pending);
      keepAsking(options, { symbol, asker }, pending.promise, () => settle(symbol, false));
      return pending.promise;
    },
    learn: (reply) => {
      if (reply.type === 'unavailable') {
        settle(reply.symbol, false);
        return;
      }
      const { quote } = reply;
      const present = known.get(quote.symbol);
      if (present === undefined || present.receivedAt <= quote.receivedAt) {
        known.delete(quote.symbol);
        known.set(quote.symbol, quote);
        forgetOldest(known);
      }
      if (fresh(quote.symbol, clock.now()) !== undefined) settle(quote.symbol, true);
    },
  };
}

/** Publishes the request until it settles, or the bound is over. */
function keepAsking(
  { publisher, replyTo, log }: QuoteDeskOptions,
  request: Parameters<typeof renderQuoteRequest>[0],
  settled: Promise<boolean>,
  giveUp: () => void,
): void {
  const send = (): void => {
    const publication = {
      exchange: QUOTE_REQUESTS_EXCHANGE,
      key: shardKey(shardOf(request.symbol, QUOTE_SHARDS)),
      body: renderQuoteRequest(request),
      type: 'quote-request',
      correlationId: uuidV7(),
      replyTo,
      transient: true,
      expiresAfterMs: SETTLE_MAX_MS,
    };
    publisher.publish(publication).catch((error: unknown) => {
      log.warn('quote request not sent', { symbol: request.symbol, error });
    });
  };
  send();
  const again = setInterval(send, ASK_AGAIN_MS);
  const bound = setTimeout(giveUp, SETTLE_MAX_MS);
  void settled.finally(() => {
    clearInterval(again);
    clearTimeout(bound);
  });
}

/** Maps keep the order of insertion: the first is the one learned longest ago. */
function forgetOldest(known: Map<StockSymbol, ReceivedQuote>): void {
  if (known.size <= SYMBOLS_MAX) return;
  const [oldest] = known.keys();
  if (oldest !== undefined) known.delete(oldest);
}
