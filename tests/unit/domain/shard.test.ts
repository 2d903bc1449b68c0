import { describe, expect, test } from '@jest/globals';
import { shardOf } from '../../../shared/domain/shard.ts';

describe('the shard of a name', () => {
  // Queues hold messages that were routed by it, so these values may never change.
  test.each([
    ['alice', 14, 2, 9],
    ['bob', 6, 2, 25],
    ['$system', 5, 1, 64],
    ['oY01WVirLr', 9, 1, 3],
    ['S', 0, 0, 21],
    ['ABC', 12, 0, 2],
    ['a', 3, 3, 45],
    ['', 11, 3, 14],
    ['z'.repeat(64), 2, 2, 90],
  ])('%j is always the same', (name, of16, of4, of99) => {
    expect([16, 4, 99].map((count) => shardOf(name, count))).toEqual([of16, of4, of99]);
  });

  test.each([
    ['numbered users', 16, (index: number) => `user${index}`],
    ['short names', 16, (index: number) => index.toString(36)],
    ['many shards', 99, (index: number) => `u${index}`],
    ['symbols', 4, (index: number) => letters(index)],
  ])('spreads %s over %d shards', (_names, count, nameOf) => {
    const perShard = 160;
    const sizes = Array<number>(count).fill(0);
    for (let index = 0; index < count * perShard; index += 1) {
      const shard = shardOf(nameOf(index), count);
      sizes[shard] = (sizes[shard] ?? 0) + 1;
    }
    expect(sizes).toHaveLength(count);
    // Within four standard deviations of a fair spread.
    const deviation = 4 * Math.sqrt(perShard);
    expect(Math.min(...sizes)).toBeGreaterThan(perShard - deviation);
    expect(Math.max(...sizes)).toBeLessThan(perShard + deviation);
  });

  test('of one is always the first', () => {
    expect(['alice', 'bob', ''].map((name) => shardOf(name, 1))).toEqual([0, 0, 0]);
  });
});

/** AAA, BAA, … */
const letters = (index: number): string =>
  String.fromCharCode(...[1, 26, 676].map((place) => 65 + (Math.floor(index / place) % 26)));
