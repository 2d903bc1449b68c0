/** Tests when a broker counts as cut off. */
import { beforeEach, expect, test } from '@jest/globals';
import { watchSilence } from '../../../shared/amqp/broker-silence.ts';
import { manualTimers, type ManualTimers } from '../../support/manual-timers.ts';

type Watched = Parameters<typeof watchSilence>[0];

let timers: ManualTimers;
let socket: { bytesRead: number; cutFor: Error | undefined; destroy: (error: Error) => void };

beforeEach(() => {
  timers = manualTimers();
  socket = { bytesRead: 0, cutFor: undefined, destroy: (error) => void (socket.cutFor = error) };
});

const watch = (): (() => void) =>
  watchSilence({ connection: { stream: socket } } as unknown as Watched, timers);

test('a connection on which nothing comes for a second and a half is cut', async () => {
  watch();
  await timers.advance(1_250);
  expect(socket.cutFor).toBeUndefined();
  await timers.advance(250);
  expect(socket.cutFor).toBeInstanceOf(Error);
  expect(timers.pending()).toBe(0);
});

test('a heartbeat a second is enough', async () => {
  watch();
  for (let second = 0; second < 10; second += 1) {
    socket.bytesRead += 8;
    await timers.advance(1_000);
  }
  expect(socket.cutFor).toBeUndefined();
});

test('nothing is checked after the end', () => {
  const end = watch();
  end();
  expect(timers.pending()).toBe(0);
});
