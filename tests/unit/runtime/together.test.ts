import { expect, test } from '@jest/globals';
import { deferred, type Deferred } from '../../../shared/runtime/deferred.ts';
import { together } from '../../../shared/runtime/together.ts';

/** Answers with what was asked in upper case, once the test lets each load end. */
function openUpper(options: {
  readonly most?: number;
  readonly keyOf?: (asked: string) => string;
}): {
  readonly ask: (asked: string) => Promise<string>;
  readonly loads: (readonly string[])[];
  readonly ends: Deferred<void>[];
} {
  const loads: (readonly string[])[] = [];
  const ends: Deferred<void>[] = [];
  const load = async (asked: readonly string[]): Promise<readonly string[]> => {
    loads.push(asked);
    const end = deferred();
    ends.push(end);
    await end.promise;
    return asked.map((text) => text.toUpperCase());
  };
  return { ask: together({ load, most: 10, ...options }), loads, ends };
}

const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test('a call alone is loaded at once, and those that come meanwhile together', async () => {
  const { ask, loads, ends } = openUpper({});
  const first = ask('a');
  const others = [ask('b'), ask('c')];
  expect(loads).toEqual([['a']]);
  ends[0]?.resolve();
  await nextTurn();
  expect(loads).toEqual([['a'], ['b', 'c']]);
  ends[1]?.resolve();
  expect(await Promise.all([first, ...others])).toEqual(['A', 'B', 'C']);
  const alone = ask('d');
  expect(loads).toHaveLength(3);
  ends[2]?.resolve();
  expect(await alone).toBe('D');
});

test('a load has a bound, and the same key only once', async () => {
  const { ask, loads, ends } = openUpper({ most: 2, keyOf: (asked) => asked });
  const answers = ['a', 'b', 'b', 'c', 'd'].map(ask);
  for (let load = 0; load < 4; load += 1) {
    await nextTurn();
    ends[load]?.resolve();
  }
  expect(await Promise.all(answers)).toEqual(['A', 'B', 'B', 'C', 'D']);
  expect(loads).toEqual([['a'], ['b', 'c'], ['b', 'd']]);
});

test('a load that fails fails its calls alone', async () => {
  const { ask, ends } = openUpper({});
  const first = ask('a');
  const second = ask('b');
  ends[0]?.reject(new Error('no answer'));
  await expect(first).rejects.toThrow('no answer');
  await nextTurn();
  ends[1]?.resolve();
  expect(await second).toBe('B');
});
