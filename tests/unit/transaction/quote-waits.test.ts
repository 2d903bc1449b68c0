import { beforeEach, describe, expect, test } from '@jest/globals';
import { QUOTE_WAIT_MAX_MS } from '../../../shared/amqp/quote-desk.ts';
import { openQuoteWaits, type QuoteWaits } from '../../../consumers/transaction/lane-quotes.ts';
import { manualTimers, type ManualTimers } from '../../support/manual-timers.ts';
import { askerOf, symbolOf, userOf } from '../../support/quote-names.ts';

const ALICE = userOf('alice');

let timers: ManualTimers;
let asks: number;
let answer: () => Promise<boolean>;
let waits: QuoteWaits;

beforeEach(() => {
  timers = manualTimers();
  asks = 0;
  answer = () => Promise.resolve(true);
  const ask = (): Promise<boolean> => {
    asks += 1;
    return answer();
  };
  waits = openQuoteWaits({ ask }, timers);
});

const wait = (id: string, user = ALICE): Promise<boolean> =>
  waits.wait(user, { symbol: symbolOf('ABC'), asker: askerOf(id) });

describe('a command that waits for its quote', () => {
  test('asks three times at most for quotes that are too old by its turn', async () => {
    const ends = [await wait('a'), await wait('a'), await wait('a'), await wait('a')];
    expect(ends).toEqual([true, true, true, false]);
    expect(asks).toBe(3);
    expect(timers.pending()).toBe(0);
  });

  test('waits no longer in all than its bound, however its asks end', async () => {
    answer = () => new Promise((resolve) => void timers.after(15_000, () => resolve(true)));
    const first = wait('a');
    await timers.advance(15_000);
    expect(await first).toBe(true);
    let second: boolean | undefined;
    void wait('a').then((isKnown) => (second = isKnown));
    await timers.advance(QUOTE_WAIT_MAX_MS - 15_000 - 1);
    expect(second).toBeUndefined();
    await timers.advance(1);
    expect(second).toBe(false);
    expect(await wait('a')).toBe(false);
    expect(asks).toBe(2);
  });

  test('counts from zero for the next command, and for another user’s', async () => {
    for (let ask = 0; ask < 4; ask += 1) await wait('a');
    expect(await wait('b')).toBe(true);
    expect(await wait('a', userOf('bob'))).toBe(true);
  });

  test('is forgotten when its lane continues', async () => {
    for (let ask = 0; ask < 4; ask += 1) await wait('a');
    waits.end(ALICE);
    expect(await wait('a')).toBe(true);
  });

  test('learns at once that the quote is unavailable', async () => {
    answer = () => Promise.resolve(false);
    expect(await wait('a')).toBe(false);
  });
});
