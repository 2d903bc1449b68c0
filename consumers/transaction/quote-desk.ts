/** The quote cache of a transaction process (level 1), which asks the quote service for stale quotes. */
import type { Publisher } from '../../shared/amqp/publisher.ts';
import type { StockSymbol } from '../../shared/domain/identity.ts';
import { shardOf } from '../../shared/domain/shard.ts';
import type { Instant } from '../../shared/domain/time.ts';
import { QUOTE_REQUESTS_EXCHANGE, QUOTE_SHARDS, shardKey } from '../../shared/messages/address.ts';
import {
  isInTime,
  renderQuoteRequest,
  type Asker,
  type QuoteReply,
  type QuoteRequest,
} from '../../shared/messages/quote-message.ts';
import type { ReceivedQuote } from '../../shared/domain/quote.ts';
import type { DatabaseClock } from '../../shared/pg/database-clock.ts';
import { deferred, type Deferred } from '../../shared/runtime/deferred.ts';
import type { Logger } from '../../shared/runtime/logger.ts';
import { newId } from '../../shared/runtime/new-id.ts';
import { QuoteCache } from '../../shared/runtime/quote-cache.ts';
import type { Timers } from '../../shared/runtime/timers.ts';

/** An unanswered request is sent again after this; the service coalesces requests, so it costs no hit. */
const ASK_AGAIN_MS = 3_000;
/** The longest wait for a quote, which is unavailable then. The service replies within 15 s. */
export const QUOTE_WAIT_MAX_MS = 20_000;
/**
 * Added to a deadline, because this process only estimates the database's time, by which its next
 * decision finds the command too late.
 */
const CLOCK_MARGIN_MS = 50;
/**
 * With a shorter quote lifetime no quote is requested ahead: it could expire before its command's
 * turn, and then cost a second hit.
 */
const AHEAD_LIFETIME_MIN_MS = 5_000;

export interface QuoteDesk {
  /** Returns the symbol's quote if it is fresh at that instant. */
  fresh(symbol: StockSymbol, now: Instant): ReceivedQuote | undefined;
  /**
   * Resolves to true once a quote has arrived, or to false if it is unavailable, which takes at most
   * `QUOTE_WAIT_MAX_MS` and ends soon after the asker's deadline. Sends no request if the deadline has
   * passed. A quote with a very short lifetime may expire before it is used: ask again then.
   */
  ask(symbol: StockSymbol, asker: Asker): Promise<boolean>;
  /** Requests the quote of a command whose turn has not come, if the quote will live long enough. */
  askAhead(symbol: StockSymbol, asker: Asker): void;
  /** Takes in a reply, or a changed quote that the service published to everyone. */
  learn(reply: QuoteReply): void;
  /** The number of asks that ended without a quote. */
  unavailableCount(): number;
}

export type QuoteDeskOptions = {
  readonly publisher: Publisher;
  /** Returns the present reply queue of this process. */
  readonly replyTo: () => string;
  readonly clock: DatabaseClock;
  readonly timers: Timers;
  readonly quoteLifetimeMs: number;
  readonly log: Logger;
};

/** One ask of the service that is under way, shared by all askers of its symbol. */
type Ask = {
  readonly settled: Deferred<boolean>;
  /** The quote that was known when the ask began: only a later quote, or a fresh one, answers it. */
  readonly known: ReceivedQuote | undefined;
  /** The latest deadline of the waiting askers; undefined if one of them has none. */
  deadline: Asker['deadline'];
};

/** Opens a desk with an empty cache. A symbol has at most one ask, which later askers join. */
export function openQuoteDesk(options: QuoteDeskOptions): QuoteDesk {
  const { clock, quoteLifetimeMs } = options;
  const cache = new QuoteCache({ quoteLifetimeMs });
  const asked = new Map<StockSymbol, Ask>();
  let unavailableCount = 0;

  /** Ends the ask of a symbol, if there is one; true = a quote has arrived. */
  const endAsk = (symbol: StockSymbol, isKnown: boolean): void => {
    if (!isKnown && asked.has(symbol)) unavailableCount += 1;
    asked.get(symbol)?.settled.resolve(isKnown);
    asked.delete(symbol);
  };
  const request = (wait: Ask, wanted: QuoteRequest): void => {
    const { deadline } = wanted.asker;
    wait.deadline = deadline;
    requestUntilSettled(options, wanted, wait.settled.promise, () => {
      if (wait.deadline === deadline) endAsk(wanted.symbol, false);
    });
  };
  const ask = (symbol: StockSymbol, asker: Asker): Promise<boolean> => {
    const known = cache.latest(symbol);
    if (cache.isFresh(known, clock.now())) return Promise.resolve(true);
    if (!isInTime(asker, clock.now())) return Promise.resolve(false);
    const present = asked.get(symbol);
    if (present !== undefined) {
      // The request under way ends at its own deadline, so a later one needs another request. The
      // service makes one hit for both.
      if (hasLaterDeadline(asker, present)) request(present, { symbol, asker });
      return untilDeadline(options, asker, present.settled.promise);
    }
    const begun: Ask = { settled: deferred<boolean>(), known, deadline: asker.deadline };
    asked.set(symbol, begun);
    request(begun, { symbol, asker });
    return untilDeadline(options, asker, begun.settled.promise);
  };

  return {
    unavailableCount: () => unavailableCount,
    fresh: (symbol, now) => {
      const quote = cache.latest(symbol);
      return cache.isFresh(quote, now) ? quote : undefined;
    },
    ask,
    askAhead: (symbol, asker) => {
      if (quoteLifetimeMs >= AHEAD_LIFETIME_MIN_MS) void ask(symbol, asker);
    },
    learn: (reply) => {
      if (reply.type === 'unavailable') {
        endAsk(reply.symbol, false);
        return;
      }
      const { quote } = reply;
      const before = asked.get(quote.symbol)?.known;
      cache.learn(quote);
      const isLater = before === undefined || quote.receivedAt > before.receivedAt;
      if (isLater || cache.isFresh(quote, clock.now())) endAsk(quote.symbol, true);
    },
  };
}

const hasLaterDeadline = ({ deadline }: Asker, present: Ask): boolean =>
  present.deadline !== undefined && (deadline === undefined || deadline > present.deadline);

/**
 * Resolves as `settled` does, or to false at the asker's deadline: its command is too late then, and
 * the next decision rejects it.
 */
function untilDeadline(
  { clock, timers }: QuoteDeskOptions,
  { deadline }: Asker,
  settled: Promise<boolean>,
): Promise<boolean> {
  if (deadline === undefined) return settled;
  return new Promise((resolve) => {
    const leftMs = deadline - clock.now() + CLOCK_MARGIN_MS;
    const cancel = timers.after(leftMs, () => resolve(false));
    void settled.then((isKnown) => {
      cancel();
      resolve(isKnown);
    });
  });
}

/**
 * Publishes the request every `ASK_AGAIN_MS` until the ask is settled. Calls `giveUp` after
 * `QUOTE_WAIT_MAX_MS` or at the asker's deadline, whichever comes first.
 */
function requestUntilSettled(
  { publisher, replyTo, clock, timers, log }: QuoteDeskOptions,
  request: QuoteRequest,
  settled: Promise<boolean>,
  giveUp: () => void,
): void {
  const { deadline } = request.asker;
  const leftMs = deadline === undefined ? QUOTE_WAIT_MAX_MS : deadline - clock.now();
  const boundMs = Math.min(QUOTE_WAIT_MAX_MS, leftMs);
  const until = timers.now() + boundMs;
  let isOver = false;
  let isSending = false;
  const send = async (): Promise<void> => {
    // While the broker blocks publishing, requests would pile up and go out when nobody waits for them.
    await publisher.ready();
    const livesMs = Math.ceil(until - timers.now());
    if (!isOver && livesMs > 0) await publisher.publish(publicationOf(request, replyTo(), livesMs));
  };
  const sendOnce = (): void => {
    if (timers.now() >= until) return;
    cancelNext = timers.after(ASK_AGAIN_MS, sendOnce);
    if (isSending) return;
    isSending = true;
    send()
      .catch((error: unknown) => {
        log.warn('quote request not sent', { symbol: request.symbol, error });
      })
      .finally(() => {
        isSending = false;
      });
  };
  let cancelNext = (): void => undefined;
  const cancelBound = timers.after(boundMs, giveUp);
  sendOnce();
  void settled.finally(() => {
    isOver = true;
    cancelNext();
    cancelBound();
  });
}

/** The request expires when its wait ends, so that no hit is made for a command that has given up. */
const publicationOf = (
  request: QuoteRequest,
  replyTo: string,
  expiresAfterMs: number,
): Parameters<Publisher['publish']>[0] => ({
  exchange: QUOTE_REQUESTS_EXCHANGE,
  key: shardKey(shardOf(request.symbol, QUOTE_SHARDS)),
  body: renderQuoteRequest(request),
  type: 'quote-request',
  correlationId: newId(),
  replyTo,
  transient: true,
  expiresAfterMs,
  trace: request.asker.trace,
});
