import { describe, expect, test } from '@jest/globals';
import { instant } from '../../../shared/domain/time.ts';
import { QuoteCache } from '../../../shared/runtime/quote-cache.ts';
import { quoteOf, symbolOf } from '../../support/quote-names.ts';

const at = instant;

describe('a cache of quotes', () => {
  test('returns a quote until just before the end of its lifetime', () => {
    const cache = new QuoteCache({ quoteLifetimeMs: 50 });
    cache.learn(quoteOf('A', 100));
    expect(cache.fresh(symbolOf('A'), at(149))).toEqual(quoteOf('A', 100));
    expect(cache.fresh(symbolOf('A'), at(150))).toBeUndefined();
    expect(cache.fresh(symbolOf('B'), at(149))).toBeUndefined();
    expect(cache.counters).toEqual({ hits: 1, misses: 2, size: 1 });
  });

  test('keeps the later of two quotes, in either order', () => {
    const cache = new QuoteCache({ quoteLifetimeMs: 50 });
    cache.learn(quoteOf('A', 100));
    cache.learn(quoteOf('A', 90));
    expect(cache.latest(symbolOf('A'))?.receivedAt).toBe(100);
    cache.learn(quoteOf('A', 110));
    expect(cache.latest(symbolOf('A'))?.receivedAt).toBe(110);
  });

  test('holds one quote a symbol', () => {
    const cache = new QuoteCache({ quoteLifetimeMs: 50 });
    cache.learn(quoteOf('A', 1));
    cache.learn(quoteOf('B', 2));
    cache.learn(quoteOf('A', 3));
    expect(cache.counters).toMatchObject({ size: 2 });
  });
});
