/** Work on a channel of its own either succeeds or rejects: a count that failed is not 0. */
import { expect, test } from '@jest/globals';
import { onChannel } from '../../../shared/amqp/declare.ts';
import type { Link, OnConnection } from '../../../shared/amqp/link.ts';

const LOST = { code: 'broker-unavailable' };

const channel = { close: () => Promise.resolve() };
const connection = {
  createChannel: () => Promise.resolve(channel),
} as unknown as Parameters<OnConnection>[0];

type FakeLink = { readonly link: Link; readonly listening: ReadonlySet<OnConnection> };

/** Behaves as a link does: it does not throw the error of a listener on a lost connection. */
function fakeLink(state: 'up' | 'down' | 'lost meanwhile'): FakeLink {
  const listening = new Set<OnConnection>();
  const listen = async (listener: OnConnection): Promise<void> => {
    listening.add(listener);
    if (state === 'down') return;
    await Promise.resolve(listener(connection)).catch((error: unknown) => {
      if (state === 'up') throw error;
    });
  };
  const unlisten = (listener: OnConnection): void => void listening.delete(listener);
  return { link: { listen, unlisten } as unknown as Link, listening };
}

test('work on a link that is up is done once', async () => {
  const { link, listening } = fakeLink('up');
  let times = 0;
  await onChannel(link, async () => {
    times += 1;
    await Promise.resolve();
  });
  expect(times).toBe(1);
  expect(listening.size).toBe(0);
});

test('work on a link that is down is reported as not done', async () => {
  const { link, listening } = fakeLink('down');
  await expect(onChannel(link, () => Promise.resolve())).rejects.toMatchObject(LOST);
  expect(listening.size).toBe(0);
});

test('work whose connection is lost meanwhile is reported as not done', async () => {
  const { link, listening } = fakeLink('lost meanwhile');
  const cut = (): Promise<void> => Promise.reject(new Error('Channel closed'));
  await expect(onChannel(link, cut)).rejects.toMatchObject(LOST);
  expect(listening.size).toBe(0);
});

test('a fault of the work itself is thrown as it is', async () => {
  const { link, listening } = fakeLink('up');
  const missing = (): Promise<void> => Promise.reject(new Error('no queue'));
  await expect(onChannel(link, missing)).rejects.toThrow('no queue');
  expect(listening.size).toBe(0);
});
