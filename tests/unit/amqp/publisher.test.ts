import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { EventEmitter } from 'node:events';
import type { Link, OnConnection } from '../../../shared/amqp/link.ts';
import { openPublisher } from '../../../shared/amqp/publisher.ts';

type Confirm = (error: unknown) => void;

/** A broker whose channels confirm when they are told to. */
class SilentChannel extends EventEmitter {
  readonly confirms: Confirm[] = [];

  publish(_exchange: string, _key: string, _body: Buffer, _options: object, done: Confirm): void {
    this.confirms.push(done);
  }

  close(): Promise<void> {
    this.confirms.forEach((done) => done(new Error('channel closed')));
    this.emit('close');
    return Promise.resolve();
  }
}

function brokerOf(isCluster: boolean): { link: Link; channels: SilentChannel[] } {
  const channels: SilentChannel[] = [];
  const createConfirmChannel = (): Promise<SilentChannel> => {
    const channel = new SilentChannel();
    channels.push(channel);
    return Promise.resolve(channel);
  };
  const link = {
    listen: (listener: OnConnection) =>
      listener({ createConfirmChannel } as unknown as Parameters<OnConnection>[0]),
    unlisten: () => undefined,
    isBlocked: () => false,
    unblocked: () => Promise.resolve(),
    isCluster: () => isCluster,
  } as unknown as Link;
  return { link, channels };
}

const PUBLICATION = { exchange: 'commands', key: 'shard.00', body: Buffer.from(''), type: 'x' };
const OVERDUE_MS = 3_000;

beforeEach(() => {
  jest.useFakeTimers();
});
afterEach(() => {
  jest.useRealTimers();
});

test('a cluster that confirms nothing is asked on a new channel, and the sender told', async () => {
  const { link, channels } = brokerOf(true);
  const publisher = await openPublisher(link);
  const told = expect(publisher.publish(PUBLICATION)).rejects.toThrow('did not confirm');
  await jest.advanceTimersByTimeAsync(OVERDUE_MS);
  await told;
  await publisher.ready();
  const again = publisher.publish(PUBLICATION);
  expect(channels.map(({ confirms }) => confirms.length)).toEqual([1, 1]);
  channels[1]?.confirms[0]?.(null);
  await again;
  await publisher.close();
});

test('a broker by itself is waited for: there is no other to go to', async () => {
  const { link, channels } = brokerOf(false);
  const publisher = await openPublisher(link);
  const published = publisher.publish(PUBLICATION);
  await jest.advanceTimersByTimeAsync(OVERDUE_MS);
  channels[0]?.confirms[0]?.(null);
  await published;
  expect(channels).toHaveLength(1);
  await publisher.close();
});
