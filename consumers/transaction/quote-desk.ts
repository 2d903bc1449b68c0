/** The quotes this process knows (cache level 1), and asking the quote service for others. */
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
  type ReceivedQuote,
} from '../../shared/messages/quote-message.ts';
import type { DatabaseClock } from '../../shared/pg/database-clock.ts';
import { deferred, type Deferred } from '../../shared/runtime/deferred.ts';
import type { Logger } from '../../shared/runtime/logger.ts';
import { newId } from '../../shared/runtime/new-id.ts';
import { QuoteCache } from '../../shared/runtime/quote-cache.ts';
import type { Timers } from '../../shared/runtime/timers.ts';

/** A request that is not answered is asked again; the service coalesces, so it costs no hit. */
const ASK_AGAIN_MS = 3_000;
/** The service settles within 15 s; beyond this it counts as unavailable. */
export const SETTLE_MAX_MS = 20_000;
/** Longer than this process may be wrong about the database's time, by which a command is too late. */
const CLOCK_MARGIN_MS = 50;
/** A quote that lives no longer may be gone before its command's turn, and be paid for twice. */
const AHEAD_LIFETIME_MIN_MS = 5_000;

export type DeskCounters = {
  /** Level 1: look-ups of a fresh quote that found one. */
  readonly hits: number;
  /** Asks that had to wait, of the service or of an ask under way; `joined` are the latter. */
  readonly misses: number;
  readonly joined: number;
  readonly unavailable: number;
};

export interface QuoteDesk {
  /** The symbol's quote, if it is fresh at that instant. */
  fresh(symbol: StockSymbol, now: Instant): ReceivedQuote | undefined;
  /**
   * Resolves once a quote has arrived (true), or none is to be had (false), within `SETTLE_MAX_MS`
   * and soon after the asker's deadline. Asks nobody for one whose deadline has passed.
   * One that lives very short may be too old by the time it is used: ask again then.
   */
  ask(symbol: StockSymbol, asker: Asker): Promise<boolean>;
  /** As `ask`, for a command whose turn is yet to come. */
  askAhead(symbol: StockSymbol, asker: Asker): void;
  /** Takes a reply, or news of a changed price. */
  learn(reply: QuoteReply): void;
  counters(): DeskCounters;
}

export type QuoteDeskOptions = {
  readonly publisher: Publisher;
  /** The queue of this process that replies come to now. */
  readonly replyTo: () => string;
  readonly clock: DatabaseClock;
  readonly timers: Timers;
  readonly quoteLifetimeMs: number;
  readonly log: Logger;
};

type Ask = {
  readonly settled: Deferred<boolean>;
  /** The quote known when it began: only a later one answers it, or one that is fresh. */
  readonly known: ReceivedQuote | undefined;
  /** The latest deadline of those who wait; undefined = one of them has none. */
  deadline: Asker['deadline'];
};

export function openQuoteDesk(options: QuoteDeskOptions): QuoteDesk {
  const { clock, quoteLifetimeMs } = options;
  const cache = new QuoteCache({ quoteLifetimeMs });
  const asked = new Map<StockSymbol, Ask>();
  const counters = { hits: 0, misses: 0, joined: 0, unavailable: 0 };

  const settle = (symbol: StockSymbol, isKnown: boolean): void => {
    if (!isKnown) counters.unavailable += Number(asked.has(symbol));
    asked.get(symbol)?.settled.resolve(isKnown);
    asked.delete(symbol);
  };
  const request = (wait: Ask, wanted: QuoteRequest): void => {
    const { deadline } = wanted.asker;
    wait.deadline = deadline;
    keepAsking(options, wanted, wait.settled.promise, () => {
      if (wait.deadline === deadline) settle(wanted.symbol, false);
    });
  };
  const ask = (symbol: StockSymbol, asker: Asker): Promise<boolean> => {
    const known = cache.latest(symbol);
    if (cache.isFresh(known, clock.now())) return Promise.resolve(true);
    if (!isInTime(asker, clock.now())) return Promise.resolve(false);
    counters.misses += 1;
    const present = asked.get(symbol);
    if (present !== undefined) {
      counters.joined += 1;
      // The request under way ends with its own deadline; the service makes one hit for both.
      if (outlasts(asker, present)) request(present, { symbol, asker });
      return untilDeadline(options, asker, present.settled.promise);
    }
    const begun: Ask = { settled: deferred<boolean>(), known, deadline: asker.deadline };
    asked.set(symbol, begun);
    request(begun, { symbol, asker });
    return untilDeadline(options, asker, begun.settled.promise);
  };

  return {
    counters: () => ({ ...counters }),
    fresh: (symbol, now) => {
      const quote = cache.latest(symbol);
      if (!cache.isFresh(quote, now)) return undefined;
      counters.hits += 1;
      return quote;
    },
    ask,
    askAhead: (symbol, asker) => {
      if (quoteLifetimeMs >= AHEAD_LIFETIME_MIN_MS) void ask(symbol, asker);
    },
    learn: (reply) => {
      if (reply.type === 'unavailable') {
        settle(reply.symbol, false);
        return;
      }
      const { quote } = reply;
      const before = asked.get(quote.symbol)?.known;
      cache.learn(quote);
      const isLater = before === undefined || quote.receivedAt > before.receivedAt;
      if (isLater || cache.isFresh(quote, clock.now())) settle(quote.symbol, true);
    },
  };
}

const outlasts = ({ deadline }: Asker, present: Ask): boolean =>
  present.deadline !== undefined && (deadline === undefined || deadline > present.deadline);

/** False once the asker's command can only be too late, which its next decision then finds. */
function untilDeadline(
  { clock, timers }: QuoteDeskOptions,
  { deadline }: Asker,
  settled: Promise<boolean>,
): Promise<boolean> {
  if (deadline === undefined) return settled;
  return new Promise((resolve) => {
    const leftMs = deadline - clock.now() + CLOCK_MARGIN_MS;
    const callOff = timers.after(leftMs, () => resolve(false));
    void settled.then((isKnown) => {
      callOff();
      resolve(isKnown);
    });
  });
}

/** Publishes the request until it settles, or its bound or its asker's deadline is over. */
function keepAsking(
  { publisher, replyTo, clock, timers, log }: QuoteDeskOptions,
  request: QuoteRequest,
  settled: Promise<boolean>,
  giveUp: () => void,
): void {
  const { deadline } = request.asker;
  const leftMs = deadline === undefined ? SETTLE_MAX_MS : deadline - clock.now();
  const boundMs = Math.min(SETTLE_MAX_MS, leftMs);
  const until = timers.now() + boundMs;
  let isOver = false;
  let isSending = false;
  const send = async (): Promise<void> => {
    // A broker that blocks publishing would let requests pile up here, and out when nobody waits.
    await publisher.ready();
    const livesMs = Math.ceil(until - timers.now());
    if (!isOver && livesMs > 0) await publisher.publish(publicationOf(request, replyTo(), livesMs));
  };
  const sendOnce = (): void => {
    if (timers.now() >= until) return;
    callOffAgain = timers.after(ASK_AGAIN_MS, sendOnce);
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
  let callOffAgain = (): void => undefined;
  const callOffBound = timers.after(boundMs, giveUp);
  sendOnce();
  void settled.finally(() => {
    isOver = true;
    callOffAgain();
    callOffBound();
  });
}

/** It expires with the wait it is for: no hit is made for a command that has given up. */
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
