/** While commands come fast, a batch waits for more of them; a command that comes alone waits for nothing. */
import { beforeEach, describe, expect, test } from '@jest/globals';
import { Batcher } from '../../../consumers/transaction/batcher.ts';
import type { Committed } from '../../../consumers/transaction/commit-batch.ts';
import type { LaneWork } from '../../../consumers/transaction/lanes.ts';
import type { Publisher } from '../../../shared/amqp/publisher.ts';
import type { QuoteDesk } from '../../../shared/amqp/quote-desk.ts';
import { instant } from '../../../shared/domain/time.ts';
import { manualTimers, type ManualTimers } from '../../support/manual-timers.ts';
import { recordingLogger } from '../../support/recording-logger.ts';
import { deliveryOf, Producer } from '../../support/run-commands.ts';

/** How long each batch takes, in milliseconds. */
const BATCH_MS = 6;

let timers: ManualTimers;
/** The number of users in each batch, and when it started. */
let batches: { readonly users: number; readonly at: number }[];
let give: (users: number) => void;

beforeEach(() => {
  timers = manualTimers();
  batches = [];
  const handle = (lanes: readonly LaneWork[]): Promise<Committed> => {
    batches.push({ users: lanes.length, at: timers.now() });
    return new Promise((resolve) => timers.after(BATCH_MS, () => resolve(decided(lanes))));
  };
  const batcher = new Batcher({
    name: 'transaction-1',
    ...{ handle, timers, log: recordingLogger() },
    publisher: { publish: () => Promise.resolve() } as unknown as Publisher,
    desk: { ask: never, askAhead: never } as unknown as QuoteDesk,
    clock: { observe: () => undefined, now: () => instant(0) },
    pause: () => Promise.resolve(),
    auditReady: () => Promise.resolve(),
  });
  let users = 0;
  give = (count) => {
    for (let left = count; left > 0; left -= 1) {
      users += 1;
      const message = new Producer('run:gather').message(`ADD,user${users},1.00`);
      void batcher.add(message, deliveryOf());
    }
  };
});

const never = (): never => {
  throw new Error('no command needs a quote');
};

const decided = (lanes: readonly LaneWork[]): Committed => ({
  lanes: lanes.map(({ user, slices }) => ({
    user,
    slices: slices.map(({ task }) => ({ task, outcomes: [{ is: 'done' }] })),
  })),
  ...{ decided: [], repeated: [], now: 0, audit: undefined, dumps: false },
});

describe('a batch', () => {
  test('of a command that comes alone starts at once, also after another one', async () => {
    give(1);
    await timers.advance(BATCH_MS);
    give(1);
    await timers.advance(BATCH_MS);
    expect(batches).toEqual([
      { users: 1, at: 0 },
      { users: 1, at: BATCH_MS },
    ]);
  });

  test('waits for more after a batch of several commands, as long as that one took', async () => {
    give(4);
    await timers.advance(BATCH_MS);
    give(1);
    await timers.advance(BATCH_MS - 1);
    give(2);
    await timers.advance(BATCH_MS);
    expect(batches).toEqual([
      { users: 4, at: 0 },
      { users: 3, at: 2 * BATCH_MS },
    ]);
  });

  test('that is large enough waits for nothing', async () => {
    give(4);
    await timers.advance(BATCH_MS);
    give(64);
    await timers.advance(0);
    expect(batches).toEqual([
      { users: 4, at: 0 },
      { users: 64, at: BATCH_MS },
    ]);
  });
});
