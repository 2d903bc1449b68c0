/** Asking the legacy quote server: one connection a hit, bounded in number, time and tries. */
import { connect } from 'node:net';
import type { StockSymbol, UserId } from '../../shared/domain/identity.ts';
import { backoffMs } from '../../shared/runtime/backoff.ts';
import { deferred, type Deferred } from '../../shared/runtime/deferred.ts';
import { CodedError } from '../../shared/runtime/errors.ts';
import type { Logger } from '../../shared/runtime/logger.ts';
import { parseQuoteAnswer, type LegacyQuote } from './parse-quote-answer.ts';

export type { LegacyQuote } from './parse-quote-answer.ts';

const HITS_AT_ONCE = 64;
const ANSWER_MAX_MS = 10_000;
const TRIES_MAX = 3;
const ASK_MAX_MS = 15_000;
const ANSWER_BYTES_MAX = 1_024;
const RETRY = { firstMs: 100, longestMs: 1_000 };

export interface LegacyQuoteSource {
  /** Rejects with `quote-server-failed` when the bounded tries are over. */
  ask(symbol: StockSymbol, user: UserId): Promise<LegacyQuote>;
  close(): Promise<void>;
}

export type LegacyClientOptions = {
  readonly host: string;
  readonly port: number;
  readonly log: Logger;
};

export function openLegacyClient(options: LegacyClientOptions): LegacyQuoteSource {
  let hitting = 0;
  const waiting: Deferred<void>[] = [];
  const enter = async (): Promise<void> => {
    if (hitting < HITS_AT_ONCE) {
      hitting += 1;
      return;
    }
    const turn = deferred();
    waiting.push(turn);
    await turn.promise;
  };
  /** The place goes to whoever waits longest. */
  const leave = (): void => {
    const next = waiting.shift();
    if (next === undefined) hitting -= 1;
    else next.resolve();
  };

  return {
    ask: async (symbol, user) => {
      const deadline = Date.now() + ASK_MAX_MS;
      await enter();
      try {
        return await askWithin(deadline, { symbol, user }, options);
      } finally {
        leave();
      }
    },
    close: () => Promise.resolve(),
  };
}

type Question = { readonly symbol: StockSymbol; readonly user: UserId };

async function askWithin(
  deadline: number,
  question: Question,
  options: LegacyClientOptions,
): Promise<LegacyQuote> {
  let reason = 'no time was left';
  for (let attempt = 0; attempt < TRIES_MAX; attempt += 1) {
    const leftMs = deadline - Date.now();
    if (leftMs <= 0) break;
    const answer = await hit(question, options, Math.min(leftMs, ANSWER_MAX_MS));
    if (!('bad' in answer)) return answer;
    reason = answer.bad;
    options.log.warn('quote hit failed', { symbol: question.symbol, attempt, reason });
    await new Promise((resolve) => setTimeout(resolve, backoffMs(attempt, RETRY)));
  }
  throw new CodedError('quote-server-failed', `the quote server failed: ${reason}`);
}

/** One connection, one question, one line; never rejects. */
async function hit(
  question: Question,
  { host, port }: LegacyClientOptions,
  timeoutMs: number,
): Promise<ReturnType<typeof parseQuoteAnswer>> {
  return await new Promise((resolve) => {
    let received = '';
    const socket = connect({ host, port, noDelay: true });
    const timer = setTimeout(() => settle({ bad: 'no answer in time' }), timeoutMs);
    const settle = (answer: ReturnType<typeof parseQuoteAnswer>): void => {
      clearTimeout(timer);
      socket.destroy();
      resolve(answer);
    };
    socket.setEncoding('utf8');
    socket.on('connect', () => socket.write(`${question.symbol},${question.user}\n`));
    socket.on('data', (chunk: string) => {
      received += chunk;
      if (received.length > ANSWER_BYTES_MAX) settle({ bad: 'the answer is too long' });
      else if (received.includes('\n')) settle(parseQuoteAnswer(received, question));
    });
    socket.on('error', (error) => settle({ bad: error.message }));
    socket.on('end', () =>
      settle(received === '' ? { bad: 'closed early' } : parseQuoteAnswer(received, question)),
    );
  });
}
