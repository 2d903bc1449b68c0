import { beforeEach, describe, expect, test } from '@jest/globals';
import {
  openCommandDesk,
  type Answered,
  type CommandDesk,
} from '../../../shared/amqp/command-desk.ts';
import type { Handling } from '../../../shared/amqp/handle-delivery.ts';
import type { OpenOwnQueue } from '../../../shared/amqp/own-queue.ts';
import type { Publication } from '../../../shared/amqp/publisher.ts';
import { renderAnswerMessage, type Answer } from '../../../shared/messages/answer-message.ts';
import {
  parseCommandMessage,
  type UserCommands,
} from '../../../shared/messages/command-message.ts';
import { deferred, type Deferred } from '../../../shared/runtime/deferred.ts';
import { manualTimers, type ManualTimers } from '../../support/manual-timers.ts';
import { recordingLogger } from '../../support/recording-logger.ts';
import { deliveryOf, Producer } from '../../support/run-commands.ts';

/** An unanswered message is sent again after this. */
const AGAIN_AFTER_MS = 30_000;

let timers: ManualTimers;
let producer: Producer;
let sent: Publication[];
let blocked: Deferred<void> | undefined;
/** Delivers a message to the desk's reply queue. */
let deliver: (body: Buffer) => Promise<void>;
let desk: CommandDesk;

/** Opens a reply queue in memory. */
const openOwnQueue: OpenOwnQueue = ({ newQueue, onMade, ...handling }) => {
  onMade?.(newQueue());
  deliver = (body) => handle(handling, body);
  return Promise.resolve({ idle: () => Promise.resolve(), close: () => Promise.resolve() });
};

async function handle<Message>(handling: Handling<Message>, body: Buffer): Promise<void> {
  const delivery = deliveryOf();
  await handling.handle(handling.parse(body, delivery), delivery);
}

beforeEach(async () => {
  timers = manualTimers();
  producer = new Producer('run');
  sent = [];
  blocked = undefined;
  desk = await openCommandDesk({
    name: 'test',
    publisher: {
      ready: () => blocked?.promise ?? Promise.resolve(),
      publish: (publication) => {
        sent.push(publication);
        return Promise.resolve();
      },
      close: () => Promise.resolve(),
    },
    openOwnQueue,
    timers,
    shardCount: 16,
    log: recordingLogger(),
  });
});

const ACCEPTED: Answer['outcomes'] = [{ is: 'accepted', answer: {} }];
const ASKED: Answer['outcomes'] = [{ is: 'accepted', answer: { dump: 'asked' } }];
const WRITTEN: Answer['outcomes'] = [{ is: 'accepted', answer: { dump: 'written' } }];

/** Answers a message by its id. */
function answer(id: string, message: UserCommands, part: Partial<Answer> = {}): Promise<void> {
  const { user, stream, position } = message;
  const answers = [{ id, user, stream, position, outcomes: ACCEPTED, ...part }];
  return deliver(renderAnswerMessage({ from: 'transaction-1', answers }));
}

/** Keeps how an ask ended: its outcomes, or the message of its error. */
function watch(asked: Promise<Answered>): () => Answer['outcomes'] | string | undefined {
  let end: Answer['outcomes'] | string | undefined;
  asked.then(
    (answered) => (end = answered.answer.outcomes),
    (error: unknown) => (end = String(error)),
  );
  return () => end;
}

const limit = { ms: 10_000, error: () => new Error('no answer') };

describe('an answer', () => {
  test('goes to the message whose id it names, with the time since it was asked', async () => {
    const [first, second] = [producer.message('ADD,alice,1.00'), producer.message('ADD,bob,2.00')];
    const ends = [watch(desk.ask(first, { id: 'a' })), watch(desk.ask(second, { id: 'b' }))];
    await timers.advance(7);
    await answer('b', second);
    await timers.advance(0);
    expect(ends.map((end) => end())).toEqual([undefined, ACCEPTED]);
    const answered = desk.ask(producer.message('ADD,carol,3.00'), { id: 'c' });
    await timers.advance(5);
    await answer('c', second);
    expect((await answered).latencyMs).toBe(5);
  });

  test('of a message that nobody asked, or that is answered already, changes nothing', async () => {
    const message = producer.message('ADD,alice,1.00');
    const asked = desk.ask(message, { id: 'a' });
    await answer('other', message);
    expect(desk.unanswered()).toBe(1);
    await answer('a', message);
    await answer('a', message);
    await asked;
    expect(desk.unanswered()).toBe(0);
  });

  test('to a dump is the one that says it is written', async () => {
    const dump = producer.message('DUMPLOG,alice,./log');
    const end = watch(desk.ask(dump, { id: 'a', limit }));
    await answer('a', dump, { outcomes: ASKED });
    await timers.advance(0);
    expect([end(), desk.unanswered()]).toEqual([undefined, 1]);
    await answer('a', dump, { outcomes: WRITTEN });
    await timers.advance(0);
    expect([end(), desk.unanswered(), timers.pending()]).toEqual([WRITTEN, 0, 0]);
  });

  test('with a gap sends the messages from there on again, once for each gap', async () => {
    const [first, second, other] = [
      producer.message('ADD,alice,1.00'),
      producer.message('ADD,alice,2.00'),
      producer.message('ADD,bob,1.00'),
    ];
    const onAnswer = (): void => undefined;
    for (const message of [first, second, other]) desk.send(message, onAnswer);
    await timers.advance(0);
    const [, idOfSecond = ''] = sent.map(({ messageId }) => messageId);
    await answer(idOfSecond, second, { outcomes: [], expected: 1 });
    await answer(idOfSecond, second, { outcomes: [], expected: 1 });
    await timers.advance(0);
    const again = sent.slice(3).map(({ body }) => parseCommandMessage(body));
    expect(again).toMatchObject([
      { user: 'alice', position: 1, again: true },
      { user: 'alice', position: 2, again: true },
    ]);
    expect(desk.unanswered()).toBe(3);
  });
});

describe('the bound of unanswered commands', () => {
  test('holds until an answer makes room', async () => {
    const message = producer.message('ADD,alice,1.00');
    const { commands } = message;
    const three = { ...message, commands: [...commands, ...commands, ...commands] };
    void desk.ask(three, { id: 'a' });
    void desk.ask(producer.message('ADD,bob,1.00'), { id: 'b' });
    expect(desk.unanswered()).toBe(4);
    let hasRoom = false;
    void desk.fewerThan(4).then(() => (hasRoom = true));
    await timers.advance(0);
    expect(hasRoom).toBe(false);
    await answer('a', three);
    await timers.advance(0);
    expect([hasRoom, desk.unanswered()]).toEqual([true, 1]);
  });

  test('makes room for what is given up, too', async () => {
    const end = watch(desk.ask(producer.message('ADD,alice,1.00'), { limit }));
    await timers.advance(limit.ms);
    expect([end(), desk.unanswered()]).toEqual(['Error: no answer', 0]);
    await desk.fewerThan(1);
  });
});

describe('a message without an answer', () => {
  test('is sent again, and says so', async () => {
    void desk.ask(producer.message('ADD,alice,1.00'), { id: 'a' });
    await timers.advance(AGAIN_AFTER_MS + 200);
    expect(sent.map(({ messageId }) => messageId)).toEqual(['a', 'a']);
    expect(sent.map(({ body }) => parseCommandMessage(body))).toMatchObject([
      { again: false },
      { again: true },
    ]);
  });

  test('is given up at its limit with its own error', async () => {
    const end = watch(desk.ask(producer.message('ADD,alice,1.00'), { limit }));
    await timers.advance(limit.ms - 1);
    expect(end()).toBeUndefined();
    await timers.advance(1);
    expect([end(), timers.pending()]).toEqual(['Error: no answer', 0]);
  });

  test('is answered at its limit if its dump was accepted', async () => {
    const dump = producer.message('DUMPLOG,alice,./log');
    const end = watch(desk.ask(dump, { id: 'a', limit }));
    await answer('a', dump, { outcomes: ASKED });
    await timers.advance(limit.ms);
    expect([end(), desk.unanswered()]).toEqual([ASKED, 0]);
  });
});

describe('a blocked broker', () => {
  test('gets each message once when it takes messages again', async () => {
    blocked = deferred();
    void desk.ask(producer.message('ADD,alice,1.00'), { id: 'a' });
    desk.send(producer.message('ADD,bob,1.00'), () => undefined);
    await timers.advance(2 * AGAIN_AFTER_MS);
    expect([sent.length, desk.unanswered()]).toEqual([0, 2]);
    blocked.resolve();
    blocked = undefined;
    await timers.advance(0);
    expect(sent.map(({ body }) => parseCommandMessage(body).user)).toEqual(['alice', 'bob']);
  });

  test('gets no message that was given up meanwhile', async () => {
    blocked = deferred();
    const end = watch(desk.ask(producer.message('ADD,alice,1.00'), { limit }));
    await timers.advance(limit.ms);
    expect(end()).toBe('Error: no answer');
    blocked.resolve();
    await timers.advance(AGAIN_AFTER_MS);
    expect(sent).toEqual([]);
  });
});
