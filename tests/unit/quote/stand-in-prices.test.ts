import { describe, expect, test } from '@jest/globals';
import { marketWalk } from '../../../infra/quote-server/market-walk.ts';
import { priceSource, type PriceSource } from '../../../infra/quote-server/prices.ts';

const NOW = Date.UTC(2026, 10, 23, 14);
const SYMBOLS = Array.from({ length: 26 }, (_, index) => String.fromCharCode(65 + index));

const pricesOf = (source: PriceSource, symbol: string, hits: number): readonly number[] =>
  Array.from({ length: hits }, () => Number(source(symbol, NOW)));

describe('prices that move with each hit', () => {
  test('stay between $1 and $5,000', () => {
    const source = priceSource('hits', 7);
    const prices = SYMBOLS.flatMap((symbol) => pricesOf(source, symbol, 2_000));
    expect(Math.min(...prices)).toBeGreaterThanOrEqual(100);
    expect(Math.max(...prices)).toBeLessThanOrEqual(500_000);
  });

  test('seldom stay the same', () => {
    const prices = pricesOf(priceSource('hits', 7), 'ABC', 1_000);
    expect(new Set(prices).size).toBeGreaterThan(900);
  });

  test('do not depend on requests for other symbols', () => {
    const alone = pricesOf(priceSource('hits', 7), 'ABC', 3);
    const source = priceSource('hits', 7);
    const mixed = [0, 1, 2].map(() => {
      source('XYZ', NOW);
      return Number(source('ABC', NOW));
    });
    expect(mixed).toEqual(alone);
  });
});

describe('fixed prices', () => {
  test('are the same for a symbol and seed, for ever', () => {
    const [first, other] = [priceSource('fixed', 7), priceSource('fixed', 8)];
    const prices = SYMBOLS.map((symbol) => first(symbol, NOW));
    expect(SYMBOLS.map((symbol) => first(symbol, NOW + 1e9))).toEqual(prices);
    expect(SYMBOLS.map((symbol) => other(symbol, NOW))).not.toEqual(prices);
  });

  test('are the same in every process', () => {
    const source = priceSource('fixed', 1);
    expect(['ABC', 'XYZ', 'A'].map((symbol) => source(symbol, NOW))).toEqual([
      434804n,
      194909n,
      364159n,
    ]);
  });
});

describe('a market', () => {
  test('has one price for a seed, symbol and instant, in any order of requests', () => {
    const history = marketWalk(1).history('ABC', NOW - 60_000, NOW, 1_000);
    const again = marketWalk(1);
    expect(history).toHaveLength(61);
    expect(history.map(({ atMs }) => again.priceAt('ABC', atMs))).toEqual(
      history.map(({ price }) => price),
    );
  });

  test.each(SYMBOLS.slice(0, 8))('moves %s as a stock does, from minute to minute', (symbol) => {
    const prices = marketWalk(1)
      .history(symbol, NOW - 86_400_000, NOW, 60_000)
      .map(({ price }) => Number(price));
    const steps = prices.slice(1).map((price, index) => Math.log(price / (prices[index] ?? 1)));
    const deviation = Math.sqrt(steps.reduce((sum, step) => sum + step * step, 0) / steps.length);
    expect(deviation).toBeGreaterThan(0.0004);
    expect(deviation).toBeLessThan(0.0025);
  });

  test('does not jump, not even where two of its cells meet', () => {
    const edge = Math.ceil(NOW / 2 ** 34) * 2 ** 34;
    for (const symbol of SYMBOLS) {
      const [before, after] = [edge - 1, edge + 1].map((atMs) =>
        Number(marketWalk(1).priceAt(symbol, atMs)),
      );
      expect(Math.abs((after ?? 0) / (before ?? 1) - 1)).toBeLessThan(0.003);
    }
  });

  test('stays between $1 and $5,000 for years', () => {
    const year = 365 * 86_400_000;
    const prices = SYMBOLS.flatMap((symbol) =>
      marketWalk(3)
        .history(symbol, NOW - 5 * year, NOW, year / 100)
        .map(({ price }) => Number(price)),
    );
    expect(Math.min(...prices)).toBeGreaterThanOrEqual(100);
    expect(Math.max(...prices)).toBeLessThanOrEqual(500_000);
  });

  test('has no history that ends before it begins', () => {
    expect(marketWalk(1).history('ABC', NOW, NOW - 2_000, 1_000)).toEqual([]);
  });
});

describe('a market that moves faster', () => {
  /** The mean move of the stocks within a second, as a share of the price. */
  const moves = (speed: number): number => {
    const source = priceSource('walk', 7, speed);
    const each = SYMBOLS.flatMap((symbol) =>
      Array.from({ length: 60 }, (_, second) => {
        const [before, after] = [0, 1_000].map((ms) =>
          Number(source(symbol, NOW + 1_000 * second + ms)),
        );
        return Math.abs((after ?? 0) / (before ?? 1) - 1);
      }),
    );
    return each.reduce((sum, move) => sum + move, 0) / each.length;
  };

  test('moves its prices more within a second, and the same for the same seed', () => {
    expect(moves(60)).toBeGreaterThan(4 * moves(1));
    expect(moves(60)).toBe(moves(60));
  });

  test('stays between $1 and $5,000 for a day', () => {
    const source = priceSource('walk', 7, 1_000);
    const prices = SYMBOLS.flatMap((symbol) =>
      Array.from({ length: 1_440 }, (_, minute) => Number(source(symbol, NOW + minute * 60_000))),
    );
    expect(Math.min(...prices)).toBeGreaterThanOrEqual(100);
    expect(Math.max(...prices)).toBeLessThanOrEqual(500_000);
    expect(new Set(prices).size).toBeGreaterThan(10_000);
  });
});
