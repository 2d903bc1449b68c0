/** Small audit messages wait a moment for others; large ones, or many, do not. */
import { beforeEach, describe, expect, test } from '@jest/globals';
import { openInserter } from '../../../consumers/audit/inserter.ts';
import type { Fate } from '../../../shared/amqp/fate.ts';
import { manualTimers, type ManualTimers } from '../../support/manual-timers.ts';
import { recordingLogger } from '../../support/recording-logger.ts';

let timers: ManualTimers;
/** The ids of the messages of each insert. */
let inserts: string[][];
let store: (id: string, bytes?: number) => Promise<Fate>;

beforeEach(() => {
  timers = manualTimers();
  inserts = [];
  const inserter = openInserter({
    insert: (messages) => {
      inserts.push(messages.map(({ outboxId }) => outboxId));
      return Promise.resolve();
    },
    pause: () => Promise.resolve(),
    timers,
    log: recordingLogger(),
  });
  store = (outboxId, bytes = 100) =>
    inserter.store({ outboxId, body: Buffer.alloc(bytes) }, { isOpen: () => true });
});

describe('an inserter', () => {
  test('stores small messages together, 25 ms after the first', async () => {
    const stored = [store('1')];
    await timers.advance(10);
    stored.push(store('2'));
    await timers.advance(14);
    expect(inserts).toEqual([]);
    await timers.advance(1);
    expect(inserts).toEqual([['1', '2']]);
    expect(await Promise.all(stored)).toEqual([{ is: 'done' }, { is: 'done' }]);
    expect(timers.pending()).toBe(0);
  });

  test('stores a large message at once, with those that wait', async () => {
    const stored = [store('1')];
    await timers.advance(5);
    stored.push(store('2', 40_000));
    await timers.advance(0);
    expect(inserts).toEqual([['1', '2']]);
    await Promise.all(stored);
    expect(timers.pending()).toBe(0);
  });

  test('stores 32 messages at once, and the rest 25 ms later', async () => {
    const stored = Array.from({ length: 33 }, (_, index) => store(index.toString()));
    await timers.advance(0);
    expect(inserts.map(({ length }) => length)).toEqual([32]);
    await timers.advance(25);
    expect(inserts.map(({ length }) => length)).toEqual([32, 1]);
    await Promise.all(stored);
  });
});
