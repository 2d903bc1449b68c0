import { beforeEach, describe, expect, test } from '@jest/globals';
import { endHungBroker } from '../../../infra/services/replicated/end-hung-broker.ts';
import { manualTimers, type ManualTimers } from '../../support/manual-timers.ts';
import { recordingLogger, type RecordingLogger } from '../../support/recording-logger.ts';

let timers: ManualTimers;
let log: RecordingLogger;
let pid: number | undefined;
let serves: () => boolean;
let isInReach: boolean;
let killed: (readonly [pid: number, at: number])[];
let end: () => void;

const resolvesIf = (holds: boolean): Promise<void> =>
  holds ? Promise.resolve() : Promise.reject(new Error('connect ECONNREFUSED'));

beforeEach(() => {
  timers = manualTimers();
  log = recordingLogger();
  pid = 7;
  serves = () => true;
  isInReach = true;
  killed = [];
  end = endHungBroker({
    name: 'a',
    pid: () => pid,
    probe: () => resolvesIf(serves()),
    reach: () => resolvesIf(isInReach),
    kill: (hung) => killed.push([hung, timers.now()]),
    timers,
    log,
  });
});

/** Asserts that it is killed half a minute after the first probe, which is due in five seconds, and not before. */
async function expectEnded(hung: number, at: number): Promise<void> {
  await timers.advance(34_000);
  expect(killed).toEqual([]);
  await timers.advance(1_000);
  expect(killed).toEqual([[hung, at]]);
}

describe('a broker that serves nobody', () => {
  test('is ended once it has been silent for half a minute, and that is logged', async () => {
    await timers.advance(60_000);
    serves = () => false;
    await expectEnded(7, 95_000);
    const [entry] = log.of('broker hung, ending it');
    expect(entry?.fields).toEqual({ machine: 'a', pid: 7, silentMs: 30_000 });
  });

  test('is left alone while its machine is cut off, and for half a minute after', async () => {
    serves = () => false;
    isInReach = false;
    await timers.advance(300_000);
    isInReach = true;
    await expectEnded(7, 335_000);
  });

  test('is left alone while it is being started again', async () => {
    serves = () => false;
    await timers.advance(20_000);
    pid = undefined;
    await timers.advance(300_000);
    pid = 8;
    await expectEnded(8, 355_000);
  });

  test('is given the same time again if another process has replaced it', async () => {
    serves = () => false;
    await timers.advance(30_000);
    pid = 8;
    await timers.advance(34_000);
    expect(killed).toEqual([]);
  });

  test('is left alone if it answers from time to time', async () => {
    let looks = 0;
    serves = () => (looks += 1) % 6 === 0;
    await timers.advance(300_000);
    expect([killed, looks]).toEqual([[], 60]);
  });

  test('is not probed after the watch has ended', async () => {
    serves = () => false;
    end();
    await timers.advance(60_000);
    expect([killed, timers.pending()]).toEqual([[], 0]);
  });
});
