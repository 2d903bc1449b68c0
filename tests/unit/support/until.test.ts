import { expect, test } from '@jest/globals';
import { recordingLogger } from '../../support/recording-logger.ts';
import { until } from '../../support/until.ts';

test('waits for a condition and gives its value', async () => {
  let looks = 0;
  const value = await until(() => (++looks < 3 ? undefined : looks), { what: 'three looks' });
  expect(value).toBe(3);
});

test('says what did not come true, and why', async () => {
  const broken = (): never => {
    throw new RangeError('not yet');
  };
  const waiting = until(broken, { what: 'the queue is empty', timeoutMs: 30 });
  await expect(waiting).rejects.toMatchObject({
    message: 'not within 30 ms: the queue is empty: not yet',
    cause: { message: 'not yet' },
  });
});

test('the recording logger keeps events in order', () => {
  const log = recordingLogger();
  log.info('batch committed', { commands: 3 });
  log.warn('broker connection lost');
  expect(log.entries.map(({ level, event }) => `${level} ${event}`)).toEqual([
    'info batch committed',
    'warn broker connection lost',
  ]);
  expect(log.of('batch committed')).toMatchObject([{ fields: { commands: 3 } }]);
});
