import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { HitError, type Hit } from '../../../consumers/quote/hit.ts';
import { LegacyClient } from '../../../consumers/quote/legacy-client.ts';
import { LEGACY_LIMITS } from '../../../consumers/quote/legacy-limits.ts';
import type {
  LegacyAskOptions,
  LegacyQuote,
  Question,
} from '../../../consumers/quote/legacy-quote.ts';
import { parseSymbol, parseUserId, type StockSymbol } from '../../../shared/domain/identity.ts';
import { manualTimers, type ManualTimers } from '../../support/manual-timers.ts';

type Server = (question: Question, signal: AbortSignal) => Promise<string>;
type Ask = { readonly at: () => number | undefined; readonly end: () => string | undefined };

const symbolOf = (text: string): StockSymbol => {
  const symbol = parseSymbol(text);
  if (symbol === undefined) throw new TypeError(`${text} is no symbol`);
  return symbol;
};
const USER = parseUserId('alice');
const lineFor = ({ symbol, user }: Question): string => `12.34,${symbol},${user},1,key`;

const healthy: Server = (question) => Promise.resolve(lineFor(question));
const refusing: Server = () => Promise.reject(new HitError('connection-failed', false));
const hanging: Server = (_question, signal) =>
  new Promise((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(new HitError('no-answer-in-time', true)));
  });

let timers: ManualTimers;
let server: Server;
let hits: { readonly symbol: string; readonly at: number }[];
let badAnswers: string[];
let breakers: string[];
let client: LegacyClient;

beforeEach(() => {
  timers = manualTimers();
  server = healthy;
  hits = [];
  badAnswers = [];
  breakers = [];
  const hit: Hit = (question, signal) => {
    hits.push({ symbol: question.symbol, at: timers.now() });
    return server(question, signal);
  };
  client = new LegacyClient({
    hit,
    timers,
    random: () => 1,
    limits: LEGACY_LIMITS,
    onBadAnswer: (reason) => badAnswers.push(reason),
    onBreaker: (state) => breakers.push(state),
  });
});

afterEach(async () => {
  const closing = client.close();
  await timers.advance(LEGACY_LIMITS.closeMs);
  await closing;
  expect(timers.pending()).toBe(0);
});

const ask = (text: string, options?: LegacyAskOptions): Promise<LegacyQuote> => {
  if (USER === undefined) throw new TypeError('no user');
  return client.ask(symbolOf(text), USER, options);
};

/** Keeps when and how an ask ended. */
function watch(text: string, options?: LegacyAskOptions): Ask {
  let ended: { readonly at: number; readonly how: string } | undefined;
  const note = (how: string): void => void (ended = { at: timers.now(), how });
  ask(text, options).then(
    () => note('quote'),
    (error: unknown) => note(String(error)),
  );
  return { at: () => ended?.at, end: () => ended?.how };
}

/** Opens the breaker by failed hits, all of which end before the first probe is due. */
async function openBreaker(): Promise<void> {
  server = refusing;
  const asks = ['A', 'B', 'C', 'D', 'E'].map((text) => watch(text));
  await timers.advance(0);
  expect(client.breaker).toBe('open');
  expect(asks.map(({ end }) => end())).toEqual(asks.map(() => undefined));
}

describe('an ask of the legacy server', () => {
  test('is one hit if that is answered', async () => {
    expect(await ask('ABC')).toMatchObject({ symbol: 'ABC', price: 1_234n, cryptokey: 'key' });
    expect(client.counters).toMatchObject({ hits: 1, answered: 1, failed: 0, retries: 0 });
  });

  test('is tried three times, a little later each time', async () => {
    server = refusing;
    const failing = watch('ABC');
    await timers.advance(1_000);
    expect(hits.map(({ at }) => at)).toEqual([0, 200, 600]);
    expect(failing.end()).toMatch(/no quote for ABC after 3 hits: connection-failed/);
    expect(client.counters).toMatchObject({ hits: 0, answered: 0, failed: 3, retries: 2 });
  });

  test('stops trying once the quote is not missing any more', async () => {
    server = refusing;
    let looks = 0;
    const isMissing = (): Promise<boolean> => Promise.resolve((looks += 1) < 2);
    const failing = watch('ABC', { isMissing });
    await timers.advance(1_000);
    expect([hits.length, failing.end()]).toEqual([1, expect.stringMatching(/stored-meanwhile/)]);
  });

  test('says why an answer was bad, and tries again', async () => {
    const answers = ['garbage', '1.00,XYZ,alice,1,key', '1.00,ABC,alice,1,key'];
    server = () => Promise.resolve(answers.shift() ?? '');
    const asked = watch('ABC');
    await timers.advance(1_000);
    expect(asked.end()).toBe('quote');
    expect(badAnswers).toEqual(['not-a-quote', 'wrong-symbol']);
    expect(client.counters).toMatchObject({ hits: 3, answered: 1, failed: 2 });
  });

  test('waits ten seconds for an answer, and fifteen in all', async () => {
    server = hanging;
    const hung = watch('ABC');
    await timers.advance(20_000);
    expect(hits.map(({ at }) => at)).toEqual([0, 10_200]);
    expect(hung.at()).toBe(15_000);
    expect(client.counters).toMatchObject({ hits: 2, failed: 2 });
  });

  test('returns its turn after a defect of the hit itself', async () => {
    server = () => Promise.reject(new TypeError('planted'));
    const asks = Array.from({ length: 2 * LEGACY_LIMITS.hitsAtOnceMax }, () => watch('ABC'));
    await timers.advance(14_000);
    expect(asks.some(({ end }) => end() === 'TypeError: planted')).toBe(true);
    server = healthy;
    const after = watch('XYZ');
    await timers.advance(5_000);
    expect(after.end()).toBe('quote');
  });
});

describe('hits at once', () => {
  test('are 64 at most, and the rest go in the order in which they came', async () => {
    const answers: (() => void)[] = [];
    server = (question) => new Promise((resolve) => answers.push(() => resolve(lineFor(question))));
    const names = Array.from({ length: 70 }, (_, index) =>
      String.fromCharCode(65 + Math.floor(index / 26), 65 + (index % 26)),
    );
    const asks = names.map((name) => watch(name));
    await timers.advance(0);
    expect(hits).toHaveLength(64);
    while (answers.length > 0) {
      answers.shift()?.();
      await timers.advance(0);
    }
    expect(hits.map(({ symbol }) => symbol)).toEqual(names);
    expect(asks.every(({ end }) => end() === 'quote')).toBe(true);
  });

  test('an ask that has no turn within its bound ends without a hit', async () => {
    server = hanging;
    const first = Array.from({ length: 64 }, () => watch('A'));
    await timers.advance(3_000);
    const late = watch('ZZZ');
    await timers.advance(20_000);
    expect(first.every(({ at }) => (at() ?? Infinity) <= 15_000)).toBe(true);
    expect(late.at()).toBeLessThanOrEqual(18_000);
    expect(client.counters.openBreaker).toBe(1);
  });
});

describe('with the breaker open', () => {
  test('the only hit is a probe, which is one of the asks that wait', async () => {
    await openBreaker();
    await timers.advance(499);
    expect(hits).toHaveLength(5);
    await timers.advance(1);
    expect(hits).toHaveLength(6);
    expect(['A', 'B', 'C', 'D', 'E']).toContain(hits[5]?.symbol);
  });

  test('nothing is asked when nobody waits', async () => {
    await openBreaker();
    await timers.advance(60_000);
    const before = hits.length;
    await timers.advance(60_000);
    expect(hits).toHaveLength(before);
  });

  test('all go on at once when a probe is answered', async () => {
    await openBreaker();
    const waiting = watch('XYZ');
    server = healthy;
    await timers.advance(500);
    expect(waiting.at()).toBe(500);
    expect(breakers).toEqual(['open', 'closed']);
  });

  test('a probe that hangs does not stop the next', async () => {
    await openBreaker();
    server = hanging;
    await timers.advance(500);
    server = healthy;
    const waiting = watch('XYZ');
    await timers.advance(1_000);
    expect(client.breaker).toBe('closed');
    expect(waiting.at()).toBe(1_500);
  });

  test('an ask waits no longer than its bound, and each is a probe three times at most', async () => {
    await openBreaker();
    const asks = Array.from({ length: 40 }, () => watch('XYZ'));
    await timers.advance(15_000);
    expect(asks.map(({ end }) => end() === undefined)).not.toContain(true);
    expect(asks.every(({ at }) => (at() ?? Infinity) <= 15_000)).toBe(true);
    expect(hits.length).toBeLessThan(15);
  });

  test('a server that is back is noticed without a restart', async () => {
    await openBreaker();
    await timers.advance(60_000);
    server = healthy;
    const after = watch('XYZ');
    await timers.advance(LEGACY_LIMITS.breaker.probes.longestMs);
    expect(after.end()).toBe('quote');
  });
});

describe('closing', () => {
  test('waits for hits that are paid for, and rejects asks that wait', async () => {
    let answer = (): void => undefined;
    server = (question) =>
      new Promise((resolve) => {
        answer = () => resolve(lineFor(question));
      });
    const underWay = watch('ABC');
    await timers.advance(0);
    const closing = client.close();
    const late = watch('XYZ');
    await timers.advance(4_000);
    expect(late.end()).toMatch(/closing/);
    expect(underWay.end()).toBeUndefined();
    answer();
    await closing;
    expect(underWay.end()).toBe('quote');
  });

  test('gives up a hit that hangs, and tries no more', async () => {
    server = hanging;
    const hung = watch('ABC');
    await timers.advance(1_000);
    const closing = client.close();
    await timers.advance(LEGACY_LIMITS.closeMs);
    await closing;
    expect(hung.at()).toBe(6_000);
    expect(hits).toHaveLength(1);
  });

  test('ends a wait between two tries', async () => {
    server = refusing;
    const failing = watch('ABC');
    await timers.advance(100);
    await client.close();
    expect(failing.at()).toBe(100);
  });
});
