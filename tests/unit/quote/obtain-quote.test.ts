import { beforeEach, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { QuoteObtainer } from '../../../consumers/quote/obtain-quote.ts';
import { QuoteUnavailableError, type LegacyQuote } from '../../../consumers/quote/legacy-quote.ts';
import { openQuoteBook, type QuoteBook } from '../../../consumers/quote/quote-book.ts';
import { instant } from '../../../shared/domain/time.ts';
import { cents } from '../../../shared/domain/money.ts';
import type { ReceivedQuote } from '../../../shared/domain/quote.ts';
import type { QuoteClaims } from '../../../shared/pg/quote-claims.ts';
import { TransientError } from '../../../shared/runtime/errors.ts';
import { openLogger } from '../../../shared/runtime/logger.ts';
import { QuoteCache } from '../../../shared/runtime/quote-cache.ts';
import { manualTimers, type ManualTimers } from '../../support/manual-timers.ts';
import { askerOf, quoteOf, symbolOf, userOf } from '../../support/quote-names.ts';

const LIFETIME_MS = 60_000;
const ABC = symbolOf('ABC');

/** One database and one legacy server for all processes of a test. */
let timers: ManualTimers;
let holder: string | undefined;
let stored: ReceivedQuote | undefined;
let hits: { readonly by: string; readonly at: number }[];
let changed: ReceivedQuote[];
let isDatabaseAway: boolean;
/** The turn that an ask waits for before its hit. */
let untilAsked: Promise<unknown>;
let answer: (by: string) => Promise<LegacyQuote>;

beforeEach(() => {
  timers = manualTimers();
  holder = undefined;
  stored = undefined;
  hits = [];
  changed = [];
  isDatabaseAway = false;
  untilAsked = Promise.resolve();
  answer = () => after(1_000, legacyQuote(100));
});

const legacyQuote = (price: number): LegacyQuote => ({
  symbol: ABC,
  price: cents(price),
  user: userOf('alice'),
  serverTime: 1,
  cryptokey: 'key',
});

const after = <Value>(ms: number, value: Value): Promise<Value> =>
  new Promise((resolve) => void timers.after(ms, () => resolve(value)));

function databaseAnswers<Value>(value: () => Value): Promise<Value> {
  return isDatabaseAway
    ? Promise.reject(new TransientError('database-unavailable', 'away'))
    : Promise.resolve().then(value);
}

const claimsOf = (name: string): QuoteClaims => ({
  claim: () =>
    databaseAnswers(() => {
      holder ??= name;
      return holder === name;
    }),
  holds: () => holder === name,
  release: () => {
    if (holder === name) holder = undefined;
    return Promise.resolve();
  },
  close: () => Promise.resolve(),
});

const processOf = (name: string): QuoteObtainer =>
  new QuoteObtainer({
    timers,
    clock: { observe: () => undefined, now: () => instant(timers.now()) },
    quoteLifetimeMs: LIFETIME_MS,
    claims: claimsOf(name),
    load: () => databaseAnswers(() => stored),
    ask: async (_symbol, _asker, { withinMs, isMissing }) => {
      if (withinMs < 0) throw unavailable('no-turn-in-time');
      await untilAsked;
      if (!(await isMissing())) throw unavailable('stored-meanwhile');
      hits.push({ by: name, at: timers.now() });
      return await answer(name);
    },
    store: ({ answer: { price }, asker }) => {
      stored = quoteOf('ABC', timers.now(), { price: Number(price), causedBy: asker.id });
      return Promise.resolve(stored);
    },
    onChanged: (quote) => changed.push(quote),
  });

/** Opens a whole process, in which simultaneous asks share one. */
const bookOf = (name: string): QuoteBook => {
  const obtainer = processOf(name);
  return openQuoteBook({
    clock: { observe: () => undefined, now: () => instant(timers.now()) },
    cache: new QuoteCache({ quoteLifetimeMs: LIFETIME_MS }),
    obtain: (symbol, asker) => obtainer.obtain(symbol, asker),
    log: openLogger('test', 'error'),
  });
};

const unavailable = (reason: QuoteUnavailableError['reason']): QuoteUnavailableError =>
  new QuoteUnavailableError(ABC, reason, 1);

/** Keeps how an ask ended. */
function watch(obtainer: QuoteObtainer, id = 'x'): () => string | undefined {
  let end: string | undefined;
  obtainer.obtain(ABC, askerOf(id)).then(
    ({ receivedAt }) => (end = `received at ${receivedAt}`),
    (error: unknown) => (end = String(error)),
  );
  return () => end;
}

describe('a quote', () => {
  test('that is stored and fresh costs no hit, also after a restart', async () => {
    stored = quoteOf('ABC', 0);
    await timers.advance(LIFETIME_MS - 1);
    const end = watch(processOf('quote-1'));
    await timers.advance(0);
    expect(end()).toBe('received at 0');
    expect(hits).toEqual([]);
  });

  test('that is stored but too old is hit for', async () => {
    stored = quoteOf('ABC', 0);
    await timers.advance(LIFETIME_MS);
    const end = watch(processOf('quote-1'));
    await timers.advance(1_000);
    expect(end()).toBe(`received at ${LIFETIME_MS + 1_000}`);
    expect(hits).toHaveLength(1);
  });

  test('is announced if its price differs from the one stored before, by any process', async () => {
    stored = quoteOf('ABC', 0, { price: 100 });
    await timers.advance(LIFETIME_MS);
    watch(processOf('quote-1'));
    await timers.advance(1_000);
    expect(changed).toEqual([]);
    answer = () => after(0, legacyQuote(101));
    await timers.advance(LIFETIME_MS);
    watch(processOf('quote-2'));
    await timers.advance(0);
    expect(changed.map(({ price }) => price)).toEqual([101n]);
  });
});

describe('a quote that can only come too late', () => {
  const obtain = (deadline: number): (() => string | undefined) => {
    let end: string | undefined;
    processOf('quote-1')
      .obtain(ABC, askerOf('late', deadline))
      .then(
        ({ receivedAt }) => (end = `received at ${receivedAt}`),
        (error: unknown) => (end = String(error)),
      );
    return () => end;
  };

  test('costs no hit, and ends at once', async () => {
    await timers.advance(100);
    const end = obtain(99);
    await timers.advance(0);
    expect(end()).toMatch(/too-late/);
    expect([hits, holder]).toEqual([[], undefined]);
  });

  test('costs no hit if its turn comes after the deadline', async () => {
    untilAsked = after(500, undefined);
    const end = obtain(400);
    await timers.advance(1_000);
    expect(end()).toMatch(/too-late/);
    expect([hits, holder]).toEqual([[], undefined]);
  });

  test('is still answered if it is fresh', async () => {
    stored = quoteOf('ABC', 0);
    await timers.advance(100);
    const end = obtain(99);
    await timers.advance(0);
    expect(end()).toBe('received at 0');
  });
});

describe('two processes that both believe they own a symbol', () => {
  test('make one hit: the other waits for it and uses the stored quote', async () => {
    const ends = [watch(processOf('quote-1')), watch(processOf('quote-2'))];
    await timers.advance(1_100);
    expect(ends.map((end) => end())).toEqual(['received at 1000', 'received at 1000']);
    expect(hits).toHaveLength(1);
    expect(holder).toBeUndefined();
  });

  test('continue when the one with the claim dies during its hit', async () => {
    answer = (by) => (by === 'dying' ? new Promise(() => undefined) : after(10, legacyQuote(5)));
    watch(processOf('dying'));
    await timers.advance(500);
    const end = watch(processOf('quote-2'));
    await timers.advance(500);
    expect(end()).toBeUndefined();
    holder = undefined;
    await timers.advance(200);
    expect(end()).toMatch(/received/);
  });

  test('never hit while a quote is fresh or requested, in any interleaving', async () => {
    const times = fc.array(fc.tuple(fc.boolean(), fc.nat(30_000)), { minLength: 2, maxLength: 20 });
    await fc.assert(
      fc.asyncProperty(times, fc.nat(4_000), async (asks, delayMs) => {
        timers = manualTimers();
        [holder, stored, hits] = [undefined, undefined, []];
        answer = () => after(delayMs, legacyQuote(100));
        const both = [bookOf('quote-1'), bookOf('quote-2')] as const;
        for (const [isFirst, waitMs] of asks) {
          void both[isFirst ? 0 : 1].answer(ABC, askerOf('x'));
          await timers.advance(waitMs);
        }
        await timers.advance(60_000);
        const times = hits.map(({ at }) => at);
        const gaps = times.slice(1).map((at, index) => at - (times[index] ?? 0));
        expect(Math.min(...gaps)).toBeGreaterThanOrEqual(LIFETIME_MS + delayMs);
      }),
      { numRuns: 200 },
    );
  });
});

describe('an ask', () => {
  test('makes no hit while the database is away, and goes on when it is back', async () => {
    isDatabaseAway = true;
    const end = watch(processOf('quote-1'));
    await timers.advance(5_000);
    expect([end(), hits]).toEqual([undefined, []]);
    isDatabaseAway = false;
    await timers.advance(1_200);
    expect(end()).toMatch(/received/);
  });

  test('ends within fifteen seconds if the database stays away', async () => {
    isDatabaseAway = true;
    const end = watch(processOf('quote-1'));
    await timers.advance(15_100);
    expect(end()).toMatch(/database-unavailable|away/);
    expect(timers.pending()).toBe(0);
  });

  test('ends within fifteen seconds if another process keeps the claim', async () => {
    holder = 'a paused process';
    const end = watch(processOf('quote-1'));
    await timers.advance(15_100);
    expect(end()).toMatch(/no quote for ABC/);
    expect(hits).toEqual([]);
  });

  test('starts again if its claim was lost before the hit', async () => {
    let tries = 0;
    answer = () => {
      tries += 1;
      return tries === 1 ? Promise.reject(unavailable('claim-lost')) : after(0, legacyQuote(5));
    };
    const end = watch(processOf('quote-1'));
    await timers.advance(200);
    expect(end()).toMatch(/received/);
  });

  test('makes no hit for a quote that another process stored while it waited for its turn', async () => {
    untilAsked = after(1_000, undefined);
    const end = watch(processOf('quote-1'));
    await timers.advance(500);
    // A process that paused between its hit and storing it, and has lost its claim.
    stored = quoteOf('ABC', timers.now(), { price: 5, causedBy: 'another' });
    await timers.advance(1_000);
    expect([end(), hits]).toEqual(['received at 500', []]);
  });

  test('ends when the legacy server gave no quote, and leaves the claim to others', async () => {
    answer = () => Promise.reject(unavailable('closed-early'));
    const end = watch(processOf('quote-1'));
    await timers.advance(0);
    expect(end()).toMatch(/closed-early/);
    expect([hits.length, holder]).toEqual([1, undefined]);
  });

  test('waits for nothing more once it is told to close', async () => {
    holder = 'another';
    const obtainer = processOf('quote-1');
    const end = watch(obtainer);
    await timers.advance(50);
    obtainer.close();
    await timers.advance(0);
    expect(end()).toMatch(/closing/);
  });
});
