import { beforeEach, describe, expect, test } from '@jest/globals';
import { mendQueues } from '../../../infra/services/replicated/mend-queues.ts';
import { manualTimers, type ManualTimers } from '../../support/manual-timers.ts';
import { recordingLogger, type RecordingLogger } from '../../support/recording-logger.ts';

let timers: ManualTimers;
let log: RecordingLogger;
let lacking: () => Promise<readonly string[]>;
let mendedAt: number[];
let end: () => void;

beforeEach(() => {
  timers = manualTimers();
  log = recordingLogger();
  mendedAt = [];
  lacking = () => Promise.resolve([]);
  end = mendQueues({
    name: 'a',
    lacking: () => lacking(),
    mend: () => {
      mendedAt.push(timers.now());
      return Promise.resolve('done');
    },
    timers,
    log,
  });
});

describe('queues that lack a member', () => {
  test('are mended once they have lacked it for twenty seconds, and that is logged', async () => {
    await timers.advance(60_000);
    lacking = () => Promise.resolve(['commands.shard.00', 'audit.events']);
    await timers.advance(19_000);
    expect(mendedAt).toEqual([]);
    await timers.advance(2_000);
    expect(mendedAt).toEqual([80_000]);
    const [entry] = log.of('queues lacked a member');
    expect(entry?.fields).toEqual({
      machine: 'a',
      queues: 'commands.shard.00 audit.events',
      done: 'done',
    });
  });

  test('are mended again twenty seconds later if they still lack it', async () => {
    lacking = () => Promise.resolve(['audit.events']);
    await timers.advance(61_000);
    expect(mendedAt).toEqual([20_000, 40_000, 60_000]);
  });

  test('are left alone if they are complete from time to time', async () => {
    let looks = 0;
    lacking = () => Promise.resolve((looks += 1) % 3 === 0 ? [] : ['audit.events']);
    await timers.advance(300_000);
    expect(mendedAt).toEqual([]);
  });

  test('are left alone while the node does not answer', async () => {
    lacking = () => Promise.reject(new Error('fetch failed'));
    await timers.advance(300_000);
    expect(mendedAt).toEqual([]);
  });

  test('are not probed after the watch has ended', async () => {
    lacking = () => Promise.resolve(['audit.events']);
    end();
    await timers.advance(60_000);
    expect([mendedAt, timers.pending()]).toEqual([[], 0]);
  });
});
