import { beforeEach, describe, expect, test } from '@jest/globals';
import { QuoteUnavailableError } from '../../../consumers/quote/legacy-quote.ts';
import { openQuoteBook, type QuoteBook } from '../../../consumers/quote/quote-book.ts';
import { instant } from '../../../shared/domain/time.ts';
import type { ReceivedQuote } from '../../../shared/domain/quote.ts';
import { deferred, type Deferred } from '../../../shared/runtime/deferred.ts';
import { QuoteCache } from '../../../shared/runtime/quote-cache.ts';
import { askerOf, quoteOf, symbolOf } from '../../support/quote-names.ts';
import { until } from '../../support/until.ts';

const ABC = symbolOf('ABC');
const silent = (): void => undefined;
const log = { debug: silent, info: silent, warn: silent, error: silent };

let now: number;
let obtained: { readonly asker: string; readonly quote: Deferred<ReceivedQuote> }[];
let book: QuoteBook;

beforeEach(() => {
  now = 0;
  obtained = [];
  book = openQuoteBook({
    clock: { observe: silent, now: () => instant(now) },
    cache: new QuoteCache({ quoteLifetimeMs: 60_000 }),
    obtain: (_symbol, asker) => {
      const quote = deferred<ReceivedQuote>();
      obtained.push({ asker: asker.id, quote });
      return quote.promise;
    },
    log,
  });
});

describe('the book of a quote process', () => {
  test('obtains a quote once for all who ask at the same time', async () => {
    const replies = ['a', 'b', 'c'].map((id) => book.answer(ABC, askerOf(id)));
    obtained[0]?.quote.resolve(quoteOf('ABC', 0));
    for (const reply of await Promise.all(replies)) {
      expect(reply).toEqual({ type: 'quote', quote: quoteOf('ABC', 0) });
    }
    expect(obtained.map(({ asker }) => asker)).toEqual(['a']);
    expect(book.counters()).toMatchObject({ asked: 3, coalesced: 2, unavailable: 0 });
  });

  test('answers from memory while the quote is fresh, and counts it', async () => {
    const first = book.answer(ABC, askerOf('a'));
    obtained[0]?.quote.resolve(quoteOf('ABC', 0));
    await first;
    now = 59_999;
    await book.answer(ABC, askerOf('b'));
    now = 60_000;
    void book.answer(ABC, askerOf('c'));
    expect(obtained).toHaveLength(2);
    expect(book.counters().memory).toMatchObject({ hits: 1, misses: 2, size: 1 });
  });

  test('answers unavailable to all that wait, and asks again for the next', async () => {
    const replies = ['a', 'b'].map((id) => book.answer(ABC, askerOf(id)));
    obtained[0]?.quote.reject(new Error('planted'));
    expect(await Promise.all(replies)).toEqual([
      { type: 'unavailable', symbol: 'ABC' },
      { type: 'unavailable', symbol: 'ABC' },
    ]);
    void book.answer(ABC, askerOf('c'));
    expect(obtained).toHaveLength(2);
  });

  test('does not let one symbol wait for another', async () => {
    void book.answer(ABC, askerOf('a'));
    const other = book.answer(symbolOf('XYZ'), askerOf('b'));
    obtained[1]?.quote.resolve(quoteOf('XYZ', 0));
    expect((await other).type).toBe('quote');
  });

  test('is idle when nothing is being asked for', async () => {
    void book.answer(ABC, askerOf('a'));
    let isIdle = false;
    const idle = book.idle().then(() => (isIdle = true));
    await Promise.resolve();
    expect(isIdle).toBe(false);
    obtained[0]?.quote.resolve(quoteOf('ABC', 0));
    await idle;
  });

  test('continues in the name of a later asker if the first is too late by then', async () => {
    const replies = [book.answer(ABC, askerOf('a', 10)), book.answer(ABC, askerOf('b'))];
    now = 11;
    obtained[0]?.quote.reject(new QuoteUnavailableError(ABC, 'too-late', 0));
    await until(() => obtained.length === 2, { what: 'it is obtained again' });
    expect(obtained.map(({ asker }) => asker)).toEqual(['a', 'b']);
    obtained[1]?.quote.resolve(quoteOf('ABC', 11));
    for (const reply of await Promise.all(replies)) expect(reply.type).toBe('quote');
  });

  test('obtains nothing for askers that are all too late', async () => {
    const replies = [book.answer(ABC, askerOf('a', 10)), book.answer(ABC, askerOf('b', 11))];
    now = 12;
    obtained[0]?.quote.reject(new QuoteUnavailableError(ABC, 'too-late', 0));
    for (const reply of await Promise.all(replies)) expect(reply.type).toBe('unavailable');
    expect(obtained).toHaveLength(1);
    expect([book.isInTime(askerOf('b', 11)), book.isInTime(askerOf('c', 12))]).toEqual([
      false,
      true,
    ]);
  });
});
