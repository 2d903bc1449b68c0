import { beforeEach, describe, expect, test } from '@jest/globals';
import { DONE, type Fate } from '../../../shared/amqp/fate.ts';
import type { FateCounts } from '../../../shared/amqp/fate-meter.ts';
import { handleDelivery, type Handling } from '../../../shared/amqp/handle-delivery.ts';
import type { Publication, Publisher } from '../../../shared/amqp/publisher.ts';
import { ContractError, TransientError } from '../../../shared/runtime/errors.ts';
import { recordingLogger, type RecordingLogger } from '../../support/recording-logger.ts';
import { deliveryOf } from '../../support/run-commands.ts';

const AWAY = new TransientError('database-unavailable', 'the database is away');
const BROKEN = new ContractError('message-unreadable', 'it makes no sense');

let steps: string[];
let isOpen: boolean;
let failures: number;
let log: RecordingLogger;
let counts: FateCounts;

beforeEach(() => {
  steps = [];
  isOpen = true;
  failures = 0;
  log = recordingLogger();
  counts = { done: 0, held: 0, parked: 0 };
});

const publisher: Publisher = {
  publish: ({ headers }: Publication) => {
    if (failures > 0) {
      failures -= 1;
      return Promise.reject(new TransientError('broker-unavailable', 'not confirmed'));
    }
    steps.push(`parked: ${headers?.['reason']}`);
    return Promise.resolve();
  },
  ready: () => Promise.resolve(),
  close: () => Promise.resolve(),
};

/** Handles one delivery. The fates are those of the attempts, in order; an error is thrown. */
async function handled(
  fates: readonly (Fate | Error)[],
  {
    body = '',
    parking,
    onPause = () => undefined,
  }: { readonly body?: string; readonly parking?: 'none'; readonly onPause?: () => void } = {},
): Promise<readonly string[]> {
  let attempt = 0;
  const handling: Handling<string> = {
    parse: (bytes) => {
      if (bytes.length > 0) throw BROKEN;
      return '';
    },
    handle: () => {
      const fate = fates[attempt] ?? DONE;
      attempt += 1;
      steps.push('attempt');
      if (fate instanceof Error) throw fate;
      return fate;
    },
    ...(parking === undefined && { parking: { from: 'commands', publisher } }),
  };
  const delivery = {
    ...deliveryOf('id-1'),
    body: Buffer.from(body),
    isOpen: () => isOpen,
    ack: () => void steps.push('ack'),
  };
  const pause = (): Promise<void> => {
    onPause();
    return Promise.resolve();
  };
  await handleDelivery(delivery, handling, { name: 'test', log, counts, pause });
  return steps;
}

describe('the fate of a message', () => {
  test('done: it is acked', async () => {
    expect(await handled([DONE])).toEqual(['attempt', 'ack']);
  });

  test('held: it is handled again until it is done, and the log says since when', async () => {
    const held: Fate = { is: 'held', error: AWAY };
    expect(await handled([held, held])).toEqual(['attempt', 'attempt', 'attempt', 'ack']);
    const [first, second] = log.of('message held').map(({ fields }) => fields);
    expect(first).toMatchObject({ name: 'test', messageId: 'id-1', attempt: 0, error: AWAY });
    expect(second).toMatchObject({ attempt: 1, since: first?.['since'] });
  });

  test('parked: the copy is confirmed before the original is acked', async () => {
    failures = 2;
    const steps = await handled([{ is: 'parked', why: BROKEN }]);
    expect(steps).toEqual(['attempt', 'parked: it makes no sense', 'ack']);
    expect(log.of('parking failed')).toHaveLength(2);
  });

  test('parked without a place to park: it is logged and acked', async () => {
    const steps = await handled([{ is: 'parked', why: BROKEN }], { parking: 'none' });
    expect(steps).toEqual(['attempt', 'ack']);
    expect(log.of('message not read')).toHaveLength(1);
  });

  test('a handler that throws a broken contract parks; any other error holds', async () => {
    expect(await handled([AWAY, BROKEN])).toEqual([
      'attempt',
      'attempt',
      'parked: it makes no sense',
      'ack',
    ]);
  });

  test('is counted: held at each attempt, then done or parked once', async () => {
    await handled([AWAY, AWAY]);
    expect(counts).toEqual({ done: 1, held: 2, parked: 0 });
    await handled([BROKEN]);
    await handled([{ is: 'parked', why: BROKEN }], { parking: 'none' });
    expect(counts).toEqual({ done: 1, held: 2, parked: 2 });
  });

  test('is counted as parked if the message cannot be parsed', async () => {
    await handled([], { body: 'unreadable' });
    expect([steps, counts]).toEqual([
      ['parked: it makes no sense', 'ack'],
      { done: 0, held: 0, parked: 1 },
    ]);
  });

  test('is left open if the channel closes: the broker delivers the message again', async () => {
    const close = (): void => {
      isOpen = false;
    };
    expect(await handled([AWAY], { onPause: close })).toEqual(['attempt']);
  });
});
