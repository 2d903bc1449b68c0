/** The client of the legacy quote server: bounds hits, tries and waits, behind a circuit breaker. */
import { setMaxListeners } from 'node:events';
import type { StockSymbol, UserId } from '../../shared/domain/identity.ts';
import { backoffMs } from '../../shared/runtime/backoff.ts';
import type { Logger } from '../../shared/runtime/logger.ts';
import { Admission } from './admission.ts';
import type { Breaker } from './breaker.ts';
import { HitError, tcpHit, type Hit, type LegacyAddress } from './hit.ts';
import { LEGACY_LIMITS, type LegacyLimits } from './legacy-limits.ts';
import {
  isNotMade,
  QuoteUnavailableError,
  type LegacyAskOptions,
  type BadAnswer,
  type HitFailure,
  type LegacyQuote,
  type LegacyQuoteSource,
  type NoQuote,
  type Question,
} from './legacy-quote.ts';
import { parseQuoteAnswer, type ParsedAnswer } from './parse-quote-answer.ts';
import { pause, SYSTEM_TIMERS, type Timers } from '../../shared/runtime/timers.ts';

type LegacyClientOptions = {
  readonly hit: Hit;
  readonly timers: Timers;
  /** Draws from [0, 1), for the jitter between tries. */
  readonly random: () => number;
  readonly limits: LegacyLimits;
  /**
   * Called for each answer that is not a quote. The schema of the audit log has no place for one, so it
   * is counted and logged instead.
   */
  readonly onBadAnswer: (reason: BadAnswer, question: Question) => void;
  readonly onBreaker: (state: Breaker['state']) => void;
};

type LegacyCounters = {
  /** Questions sent, answered or not: each is paid for. */
  readonly hits: number;
  readonly answered: number;
  /** Tries without a quote, including refused connections. */
  readonly failed: number;
  readonly retries: number;
  /** How often the breaker opened. */
  readonly openBreaker: number;
};

type Failed = { readonly ok: false; readonly reason: HitFailure };

type OpenLegacyClient = LegacyAddress & {
  readonly log: Logger;
  readonly limits?: LegacyLimits;
  /** Checked just before each hit, because an ask may wait long for its turn. */
  readonly mayHit?: (question: Question) => boolean;
};

/** Opens the client of a server. Logs bad answers and changes of the breaker. */
export function openLegacyClient({
  log,
  limits = LEGACY_LIMITS,
  mayHit = () => true,
  ...address
}: OpenLegacyClient): LegacyClient {
  const hit = tcpHit(address);
  return new LegacyClient({
    hit: (question, signal) =>
      mayHit(question) ? hit(question, signal) : Promise.reject(new HitError('claim-lost', false)),
    timers: SYSTEM_TIMERS,
    random: Math.random,
    limits,
    onBadAnswer: (reason, question) => log.warn('bad quote answered', { reason, ...question }),
    onBreaker: (state) => {
      if (state === 'open') log.warn('quote breaker opened');
      else log.info('quote breaker closed');
    },
  });
}

/**
 * Asks the legacy server. One ask makes up to `hitsPerAskMax` hits, each after its admission and, except for
 * the first, after a backoff; it ends within `askMs`. Rejects with `QuoteUnavailableError`.
 */
export class LegacyClient implements LegacyQuoteSource {
  readonly #options: LegacyClientOptions;
  readonly #admission: Admission;
  readonly #asks = new Set<Promise<unknown>>();
  readonly #closing = new AbortController();
  readonly #cutOff = new AbortController();
  readonly #counters = { hits: 0, answered: 0, failed: 0, retries: 0, openBreaker: 0 };

  constructor(options: LegacyClientOptions) {
    const { timers, limits, onBreaker } = options;
    this.#options = options;
    // Every ask under way adds a listener, which Node would report as a leak from the eleventh on.
    setMaxListeners(0, this.#closing.signal, this.#cutOff.signal);
    this.#admission = new Admission({
      timers,
      hitsAtOnceMax: limits.hitsAtOnceMax,
      breaker: limits.breaker,
      onBreaker: (state) => {
        this.#counters.openBreaker += Number(state === 'open');
        onBreaker(state);
      },
    });
  }

  get counters(): LegacyCounters {
    return { ...this.#counters };
  }

  get breaker(): Breaker['state'] {
    return this.#admission.breaker;
  }

  ask(symbol: StockSymbol, user: UserId, options: LegacyAskOptions = {}): Promise<LegacyQuote> {
    const ask = this.#ask({ symbol, user }, options).finally(() => this.#asks.delete(ask));
    this.#asks.add(ask);
    return ask;
  }

  /** Starts no more hits; waits up to `closeMs` for those under way, because they are paid for. */
  async close(): Promise<void> {
    const { timers, limits } = this.#options;
    this.#closing.abort();
    this.#admission.close();
    const cancel = timers.after(limits.closeMs, () => this.#cutOff.abort());
    await Promise.allSettled(this.#asks);
    cancel();
  }

  async #ask(
    question: Question,
    { withinMs = Infinity, isMissing = () => Promise.resolve(true) }: LegacyAskOptions,
  ): Promise<LegacyQuote> {
    const { timers, limits } = this.#options;
    const deadline = timers.now() + Math.min(limits.askMs, withinMs);
    const lastStart = deadline - limits.hitMinMs;
    let reason: NoQuote = 'no-turn-in-time';
    let hits = 0;
    for (; hits < limits.hitsPerAskMax; hits += 1) {
      if (hits > 0 && !(await this.#backOff(hits, lastStart))) break;
      if (!(await this.#admission.enter(lastStart))) break;
      if (hits > 0) this.#counters.retries += 1;
      const outcome = await this.#takeTurn(question, deadline, isMissing);
      if (outcome.ok) return outcome.quote;
      reason = outcome.reason;
      if (isNotMade(reason)) break;
    }
    if (hits === 0 && this.#closing.signal.aborted) reason = 'closing';
    throw new QuoteUnavailableError(question.symbol, reason, hits);
  }

  /** Waits before the next try; resolves to false at once if that try would start too late. */
  async #backOff(hits: number, lastStart: number): Promise<boolean> {
    const { timers, limits, random } = this.#options;
    const waitMs = backoffMs(hits - 1, limits.retries, random);
    if (timers.now() + waitMs >= lastStart) return false;
    await pause(timers, waitMs, this.#closing.signal);
    return true;
  }

  async #takeTurn(
    question: Question,
    deadline: number,
    isMissing: () => Promise<boolean>,
  ): Promise<ParsedAnswer | Failed> {
    let isAnswered: boolean | undefined;
    try {
      if (!(await isMissing())) return { ok: false, reason: 'stored-meanwhile' };
      const outcome = await this.#hit(question, deadline);
      if (outcome.ok || !isNotMade(outcome.reason)) isAnswered = outcome.ok;
      return outcome;
    } finally {
      this.#admission.leave(isAnswered);
    }
  }

  async #hit(question: Question, deadline: number): Promise<ParsedAnswer | Failed> {
    const { timers, limits, onBadAnswer } = this.#options;
    const expiry = new AbortController();
    const expire = (): void => expiry.abort();
    const cancel = timers.after(Math.min(limits.answerMs, deadline - timers.now()), expire);
    this.#cutOff.signal.addEventListener('abort', expire);
    try {
      const outcome = await this.#answer(question, expiry.signal);
      this.#counters[outcome.ok ? 'answered' : 'failed'] += 1;
      if (!outcome.ok && isBadAnswer(outcome.reason)) onBadAnswer(outcome.reason, question);
      return outcome;
    } finally {
      cancel();
      this.#cutOff.signal.removeEventListener('abort', expire);
    }
  }

  async #answer(question: Question, signal: AbortSignal): Promise<ParsedAnswer | Failed> {
    try {
      const line = await this.#options.hit(question, signal);
      this.#counters.hits += 1;
      return parseQuoteAnswer(line, question);
    } catch (error: unknown) {
      if (!(error instanceof HitError)) throw error;
      this.#counters.hits += Number(error.isSent);
      return { ok: false, reason: error.reason };
    }
  }
}

const NO_ANSWERS: readonly HitFailure[] = [
  'connection-failed',
  'no-answer-in-time',
  'closed-early',
];
const isBadAnswer = (reason: HitFailure): reason is BadAnswer =>
  !isNotMade(reason) && !NO_ANSWERS.includes(reason);
