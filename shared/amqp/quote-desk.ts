/** The quote cache of a transaction process (level 1), which asks the quote service for stale quotes. */
import type { StockSymbol } from '../domain/identity.ts';
import type { ReceivedQuote } from '../domain/quote.ts';
import { shardOf } from '../domain/shard.ts';
import type { Instant } from '../domain/time.ts';
import { QUOTE_REQUESTS_EXCHANGE, QUOTE_SHARDS, shardKey } from '../messages/address.ts';
import {
  isInTime,
  parseQuoteReply,
  renderQuoteRequest,
  type Asker,
  type QuoteReply,
  type QuoteRequest,
} from '../messages/quote-message.ts';
import { deferred, type Deferred } from '../runtime/deferred.ts';
import { newId } from '../runtime/new-id.ts';
import { QuoteCache } from '../runtime/quote-cache.ts';
import { within } from '../runtime/timers.ts';
import { DONE } from './fate.ts';
import type { Publication } from './publisher.ts';
import { Requests, type AskedRequest, type RequesterOptions, type Sending } from './requests.ts';

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

type QuoteDeskOptions = RequesterOptions & {
  /** An estimate of the database's time, by which quotes expire and commands become too late. */
  readonly clock: { readonly now: () => Instant };
  readonly quoteLifetimeMs: number;
};

/** One ask of the service that is under way, shared by all askers of its symbol. */
type Ask = {
  readonly settled: Deferred<boolean>;
  /** The quote that was known when the ask began: only a later quote, or a fresh one, answers it. */
  readonly known: ReceivedQuote | undefined;
  /** The latest deadline of the waiting askers; undefined if one of them has none. */
  deadline: Asker['deadline'];
  /** The ids of its requests: one, and one more for each later deadline. */
  readonly requestIds: string[];
};

/** The request of an ask, with the end of its wait by the timers. */
type AskedQuote = AskedRequest & { readonly wanted: QuoteRequest; readonly until: number };

/** Opens a desk with an empty cache. Resolves once it can receive replies. */
export async function openQuoteDesk(options: QuoteDeskOptions): Promise<QuoteDesk> {
  const desk = new QuoteDesk(options);
  await desk.open();
  return desk;
}

export class QuoteDesk {
  readonly #options: QuoteDeskOptions;
  readonly #requests: Requests<AskedQuote, QuoteReply>;
  readonly #cache: QuoteCache;
  /** A symbol has at most one ask, which later askers join. */
  readonly #asked = new Map<StockSymbol, Ask>();
  #unavailableCount = 0;

  constructor(options: QuoteDeskOptions) {
    this.#options = options;
    this.#cache = new QuoteCache({ quoteLifetimeMs: options.quoteLifetimeMs });
    this.#requests = new Requests({
      ...options,
      publicationOf: (request, sending) =>
        publicationOf(request, sending, request.until - options.timers.now()),
      againAfterMs: ASK_AGAIN_MS,
      answers: {
        parse: parseQuoteReply,
        handle: (reply) => {
          this.learn(reply);
          return DONE;
        },
        parking: { from: 'quotes', publisher: options.publisher },
      },
    });
  }

  open(): Promise<void> {
    return this.#requests.open();
  }

  /** Returns the symbol's quote if it is fresh at that instant. */
  fresh(symbol: StockSymbol, now: Instant): ReceivedQuote | undefined {
    const quote = this.#cache.latest(symbol);
    return this.#cache.isFresh(quote, now) ? quote : undefined;
  }

  /**
   * Resolves to true once a quote has arrived, or to false if it is unavailable, which takes at most
   * `QUOTE_WAIT_MAX_MS` and ends soon after the asker's deadline. Sends no request if the deadline has
   * passed. A quote with a very short lifetime may expire before it is used: ask again then.
   */
  async ask(symbol: StockSymbol, asker: Asker): Promise<boolean> {
    const known = this.#cache.latest(symbol);
    const now = this.#options.clock.now();
    if (this.#cache.isFresh(known, now)) return true;
    if (!isInTime(asker, now)) return false;
    const { deadline } = asker;
    let ask = this.#asked.get(symbol);
    if (ask === undefined) {
      ask = { settled: deferred<boolean>(), known, deadline, requestIds: [] };
      this.#asked.set(symbol, ask);
      this.#request(ask, { symbol, asker });
    } else if (hasLaterDeadline(asker, ask)) {
      // The request under way ends at its own deadline, so a later one needs another request. The
      // service makes one hit for both.
      this.#request(ask, { symbol, asker });
    }
    return await untilDeadline(this.#options, asker, ask.settled.promise);
  }

  /** Requests the quote of a command whose turn has not come, if the quote will live long enough. */
  askAhead(symbol: StockSymbol, asker: Asker): void {
    if (this.#options.quoteLifetimeMs >= AHEAD_LIFETIME_MIN_MS) void this.ask(symbol, asker);
  }

  /** Takes in a reply, or a changed quote that the service published to everyone. */
  learn(reply: QuoteReply): void {
    if (reply.type === 'unavailable') {
      this.#endAsk(reply.symbol, false);
      return;
    }
    const { quote } = reply;
    const before = this.#asked.get(quote.symbol)?.known;
    this.#cache.learn(quote);
    const isLater = before === undefined || quote.receivedAt > before.receivedAt;
    if (isLater || this.#cache.isFresh(quote, this.#options.clock.now())) {
      this.#endAsk(quote.symbol, true);
    }
  }

  /** The number of asks that ended without a quote. */
  unavailableCount(): number {
    return this.#unavailableCount;
  }

  #request(ask: Ask, wanted: QuoteRequest): void {
    const id = newId();
    const { deadline } = wanted.asker;
    const giveUp = (): void => {
      if (ask.deadline === deadline) this.#endAsk(wanted.symbol, false);
    };
    ask.deadline = deadline;
    ask.requestIds.push(id);
    this.#requests.ask(id, requestOf(wanted, this.#options, giveUp));
  }

  /** Ends the ask of a symbol, if there is one; true = a quote has arrived. */
  #endAsk(symbol: StockSymbol, isKnown: boolean): void {
    const ask = this.#asked.get(symbol);
    if (ask === undefined) return;
    this.#asked.delete(symbol);
    if (!isKnown) this.#unavailableCount += 1;
    ask.requestIds.forEach((id) => this.#requests.end(id));
    ask.settled.resolve(isKnown);
  }
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
  return within(timers, deadline - clock.now() + CLOCK_MARGIN_MS, settled);
}

/**
 * Returns the request for a quote. It is given up after `QUOTE_WAIT_MAX_MS` or at the asker's deadline,
 * whichever comes first.
 */
function requestOf(
  wanted: QuoteRequest,
  { clock, timers }: QuoteDeskOptions,
  giveUp: () => void,
): AskedQuote {
  const { deadline } = wanted.asker;
  const leftMs = deadline === undefined ? QUOTE_WAIT_MAX_MS : deadline - clock.now();
  const ms = Math.min(QUOTE_WAIT_MAX_MS, leftMs);
  return { wanted, until: timers.now() + ms, limit: { ms, giveUp } };
}

/** The message expires when its wait ends, so that no hit is made for a command that has given up. */
const publicationOf = (
  { wanted }: AskedQuote,
  { messageId, replyTo }: Sending,
  leftMs: number,
): Publication => ({
  exchange: QUOTE_REQUESTS_EXCHANGE,
  key: shardKey(shardOf(wanted.symbol, QUOTE_SHARDS)),
  body: renderQuoteRequest(wanted),
  messageId,
  type: 'quote-request',
  correlationId: newId(),
  replyTo,
  transient: true,
  expiresAfterMs: Math.max(1, Math.ceil(leftMs)),
  trace: wanted.asker.trace,
});
