import { beforeEach, describe, expect, test } from '@jest/globals';
import { openQuoteDesk, QUOTE_WAIT_MAX_MS } from '../../../shared/amqp/quote-desk.ts';
import type { Publication } from '../../../shared/amqp/publisher.ts';
import { instant } from '../../../shared/domain/time.ts';
import { parseQuoteRequest } from '../../../shared/messages/quote-message.ts';
import { deferred, type Deferred } from '../../../shared/runtime/deferred.ts';
import { openLogger } from '../../../shared/runtime/logger.ts';
import { manualTimers, type ManualTimers } from '../../support/manual-timers.ts';
import { askerOf, quoteOf, symbolOf } from '../../support/quote-names.ts';

const ABC = symbolOf('ABC');
const LIFETIME_MS = 60_000;

let timers: ManualTimers;
let sent: Publication[];
let blocked: Deferred<void> | undefined;
let isBroken: boolean;

beforeEach(() => {
  timers = manualTimers();
  sent = [];
  blocked = undefined;
  isBroken = false;
});

const openDesk = (quoteLifetimeMs = LIFETIME_MS): ReturnType<typeof openQuoteDesk> =>
  openQuoteDesk({
    publisher: {
      ready: () => blocked?.promise ?? Promise.resolve(),
      publish: (publication) => {
        if (isBroken) return Promise.reject(new Error('planted'));
        sent.push(publication);
        return Promise.resolve();
      },
      close: () => Promise.resolve(),
    },
    name: 'test',
    openOwnQueue: ({ newQueue, onMade }) => {
      onMade?.(newQueue());
      return Promise.resolve({ idle: () => Promise.resolve(), close: () => Promise.resolve() });
    },
    clock: { now: () => instant(timers.now()) },
    timers,
    quoteLifetimeMs,
    log: openLogger('test', 'error'),
  });

/** Keeps how an ask ended. */
function watch(asked: Promise<boolean>): () => boolean | undefined {
  let end: boolean | undefined;
  void asked.then((isKnown) => (end = isKnown));
  return () => end;
}

describe('an ask of the desk', () => {
  test('is one request for all that wait, and settles with the reply', async () => {
    const desk = await openDesk();
    const ends = ['a', 'b'].map((id) => watch(desk.ask(ABC, askerOf(id))));
    await timers.advance(0);
    expect(sent.map(({ body }) => parseQuoteRequest(body).asker.id)).toEqual(['a']);
    desk.learn({ type: 'quote', quote: quoteOf('ABC', 0) });
    await timers.advance(0);
    expect(ends.map((end) => end())).toEqual([true, true]);
    expect(timers.pending()).toBe(0);
    expect(desk.fresh(ABC, instant(1))).toEqual(quoteOf('ABC', 0));
    expect(desk.unavailableCount()).toBe(0);
  });

  test('needs no request while a quote is fresh here', async () => {
    const desk = await openDesk();
    desk.learn({ type: 'quote', quote: quoteOf('ABC', 0) });
    expect(await desk.ask(ABC, askerOf('a'))).toBe(true);
    expect(sent).toEqual([]);
  });

  test('is repeated while unanswered, each request living no longer than the wait', async () => {
    const desk = await openDesk();
    const end = watch(desk.ask(ABC, askerOf('a')));
    await timers.advance(6_000);
    expect(sent.map(({ expiresAfterMs }) => expiresAfterMs)).toEqual([20_000, 17_000, 14_000]);
    expect(end()).toBeUndefined();
  });

  test('ends as unavailable within its bound if nobody answers', async () => {
    const desk = await openDesk();
    const end = watch(desk.ask(ABC, askerOf('a')));
    await timers.advance(QUOTE_WAIT_MAX_MS);
    expect(end()).toBe(false);
    expect([timers.pending(), desk.unavailableCount()]).toEqual([0, 1]);
  });

  test('ends so too if the broker is away or blocks, and nothing goes out afterwards', async () => {
    isBroken = true;
    const desk = await openDesk();
    const broken = watch(desk.ask(ABC, askerOf('a')));
    await timers.advance(QUOTE_WAIT_MAX_MS);
    isBroken = false;
    blocked = deferred();
    const waiting = watch(desk.ask(ABC, askerOf('b')));
    await timers.advance(QUOTE_WAIT_MAX_MS);
    expect([broken(), waiting()]).toEqual([false, false]);
    blocked.resolve();
    await timers.advance(QUOTE_WAIT_MAX_MS);
    expect(sent).toEqual([]);
  });

  test('goes out once when a blocked broker takes messages again in time', async () => {
    blocked = deferred();
    const desk = await openDesk();
    void desk.ask(ABC, askerOf('a'));
    await timers.advance(10_000);
    blocked.resolve();
    blocked = undefined;
    await timers.advance(0);
    expect(sent.map(({ expiresAfterMs }) => expiresAfterMs)).toEqual([10_000]);
  });

  test('settles as unavailable when the service says so', async () => {
    const desk = await openDesk();
    const end = watch(desk.ask(ABC, askerOf('a')));
    desk.learn({ type: 'unavailable', symbol: ABC });
    await timers.advance(0);
    expect(end()).toBe(false);
  });

  test('is answered only by a later quote than the one known before', async () => {
    const desk = await openDesk(50);
    desk.learn({ type: 'quote', quote: quoteOf('ABC', 0) });
    await timers.advance(100);
    const end = watch(desk.ask(ABC, askerOf('a')));
    desk.learn({ type: 'quote', quote: quoteOf('ABC', 0) });
    await timers.advance(0);
    expect(end()).toBeUndefined();
    // It is too old already, but it is an answer: the asker decides whether to ask again.
    desk.learn({ type: 'quote', quote: quoteOf('ABC', 40) });
    await timers.advance(0);
    expect(end()).toBe(true);
    expect(desk.fresh(ABC, instant(100))).toBeUndefined();
  });

  test('ahead of a turn is not made for quotes that would expire before it', async () => {
    (await openDesk(50)).askAhead(ABC, askerOf('a'));
    await timers.advance(0);
    expect(sent).toEqual([]);
    (await openDesk()).askAhead(ABC, askerOf('a'));
    await timers.advance(0);
    expect(sent).toHaveLength(1);
  });

  test('is not made for a command that can only be too late', async () => {
    const desk = await openDesk();
    await timers.advance(100);
    expect(await desk.ask(ABC, askerOf('a', 99))).toBe(false);
    expect([sent, timers.pending()]).toEqual([[], 0]);
  });

  test('ends with the deadline of its command, and its request expires with it', async () => {
    const desk = await openDesk();
    const end = watch(desk.ask(ABC, askerOf('a', 4_000)));
    await timers.advance(3_999);
    expect(end()).toBeUndefined();
    await timers.advance(100);
    expect(end()).toBe(false);
    await timers.advance(QUOTE_WAIT_MAX_MS);
    expect(sent.map(({ expiresAfterMs }) => expiresAfterMs)).toEqual([4_000, 1_000]);
    expect(sent.map(({ body }) => parseQuoteRequest(body).asker.deadline)).toEqual([4_000, 4_000]);
    expect(timers.pending()).toBe(0);
  });

  test('continues in a request of its own for an asker with a later deadline', async () => {
    const desk = await openDesk();
    const short = watch(desk.ask(ABC, askerOf('short', 2_000)));
    const long = watch(desk.ask(ABC, askerOf('long')));
    const shorter = watch(desk.ask(ABC, askerOf('shorter', 1_000)));
    await timers.advance(2_100);
    expect([short(), long(), shorter()]).toEqual([false, undefined, false]);
    expect(sent.map(({ body }) => parseQuoteRequest(body).asker.id)).toEqual(['short', 'long']);
    desk.learn({ type: 'quote', quote: quoteOf('ABC', 2_000) });
    await timers.advance(0);
    expect([long(), timers.pending()]).toEqual([true, 0]);
  });
});
