import { beforeEach, describe, expect, test } from '@jest/globals';
import { DONE } from '../../../shared/amqp/fate.ts';
import type { Publication } from '../../../shared/amqp/publisher.ts';
import { Requests, type AskedRequest } from '../../../shared/amqp/requests.ts';
import { deferred, type Deferred } from '../../../shared/runtime/deferred.ts';
import { manualTimers, type ManualTimers } from '../../support/manual-timers.ts';
import { recordingLogger } from '../../support/recording-logger.ts';

const AGAIN_AFTER_MS = 3_000;

let timers: ManualTimers;
let sent: Publication[];
let isBroken: boolean;
let blocked: Deferred<void> | undefined;
let makeQueue: () => void;
let requests: Requests<AskedRequest, undefined>;

beforeEach(async () => {
  timers = manualTimers();
  sent = [];
  isBroken = false;
  blocked = undefined;
  requests = new Requests({
    name: 'test',
    publisher: {
      ready: () => blocked?.promise ?? Promise.resolve(),
      publish: (publication) => {
        if (isBroken) return Promise.reject(new Error('planted'));
        sent.push(publication);
        return Promise.resolve();
      },
      close: () => Promise.resolve(),
    },
    openOwnQueue: ({ newQueue, onMade }) => {
      makeQueue = () => onMade?.(newQueue());
      makeQueue();
      return Promise.resolve({ idle: () => Promise.resolve(), close: () => Promise.resolve() });
    },
    // The type says whether the message is repeated.
    publicationOf: (_, { again, ...sending }) => ({
      ...{ exchange: 'test', key: 'test', body: Buffer.alloc(0), ...sending },
      type: again ? 'again' : 'first',
    }),
    answers: { parse: () => undefined, handle: () => DONE },
    againAfterMs: AGAIN_AFTER_MS,
    timers,
    log: recordingLogger(),
  });
  await requests.open();
});

const requestOf = (limit?: AskedRequest['limit']): AskedRequest => ({ limit });
const idsAndTypes = (): readonly string[] =>
  sent.map(({ messageId = '', type }) => `${messageId} ${type}`);

describe('a request', () => {
  test('is published again until it is answered, and leaves no timer then', async () => {
    requests.ask('a', requestOf());
    await timers.advance(2 * AGAIN_AFTER_MS);
    expect(idsAndTypes()).toEqual(['a first', 'a again', 'a again']);
    requests.end('a');
    expect([timers.pending(), requests.find('a')]).toEqual([0, undefined]);
    await timers.advance(AGAIN_AFTER_MS);
    expect(sent).toHaveLength(3);
  });

  test('is published again soon after a publish that failed', async () => {
    isBroken = true;
    requests.ask('a', requestOf());
    await timers.advance(0);
    isBroken = false;
    await timers.advance(200);
    expect(idsAndTypes()).toEqual(['a again']);
  });

  test('is published again, for the new reply queue, when that of its answer is lost', async () => {
    requests.ask('a', requestOf());
    await timers.advance(0);
    makeQueue();
    await timers.advance(200);
    expect(idsAndTypes()).toEqual(['a first', 'a again']);
    expect(sent[0]?.replyTo).not.toBe(sent[1]?.replyTo);
  });

  test('waits once for a blocked broker, however long that takes', async () => {
    blocked = deferred();
    requests.ask('a', requestOf());
    await timers.advance(3 * AGAIN_AFTER_MS);
    blocked.resolve();
    // The time for its answer counts from the publish.
    await timers.advance(200);
    expect(idsAndTypes()).toEqual(['a first']);
  });

  test('is given up at its limit, and does not go out later', async () => {
    blocked = deferred();
    let givenUp = 0;
    requests.ask('a', requestOf({ ms: 1_000, giveUp: () => void (givenUp += 1) }));
    await timers.advance(1_000);
    blocked.resolve();
    await timers.advance(AGAIN_AFTER_MS);
    expect([givenUp, sent.length, timers.pending()]).toEqual([1, 0, 0]);
  });

  test('is not given up once it is answered', async () => {
    let givenUp = 0;
    requests.ask('a', requestOf({ ms: 1_000, giveUp: () => void (givenUp += 1) }));
    requests.end('a');
    await timers.advance(1_000);
    expect([givenUp, timers.pending()]).toEqual([0, 0]);
  });

  test('that is found to be lost is published again at once, in the order of the asks', async () => {
    const [a, b, c] = [requestOf(), requestOf(), requestOf()];
    requests.ask('a', a);
    requests.ask('b', b);
    requests.ask('c', c);
    await timers.advance(0);
    requests.askAgain((request) => request !== b);
    await timers.advance(0);
    expect(idsAndTypes()).toEqual(['a first', 'b first', 'c first', 'a again', 'c again']);
  });
});
