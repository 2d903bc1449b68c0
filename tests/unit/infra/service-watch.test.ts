import { expect, test } from '@jest/globals';
import { describeBlocked } from '../../../infra/supervisor/broker-probe.ts';
import { openServiceWatch, type ServiceFault } from '../../../infra/supervisor/service-watch.ts';
import { PROBE_EVERY_MS } from '../../../infra/supervisor/service-watch.ts';
import type { Trouble } from '../../../shared/runtime/trouble.ts';
import { manualTimers } from '../../support/manual-timers.ts';
import { recordingLogger } from '../../support/recording-logger.ts';

const AWAY: ServiceFault = { kind: 'away', what: 'It does not answer.', remedy: 'Start it.' };
const FULL: ServiceFault = { kind: 'full', what: 'Its disk is full.', remedy: 'Make room.' };

function watch() {
  const timers = manualTimers();
  const log = recordingLogger();
  const changes: (readonly Trouble[])[] = [];
  const found: { database: ServiceFault; broker: ServiceFault } = {
    database: undefined,
    broker: undefined,
  };
  const { troubles, close } = openServiceWatch({
    probes: {
      database: () => Promise.resolve(found.database),
      broker: () => Promise.resolve(found.broker),
    },
    timers,
    log,
    onChange: (now) => changes.push(now),
  });
  return { timers, log, changes, found, troubles, close };
}

test('a service that is lost is logged once, and again when it is back', async () => {
  const { timers, log, changes, found, troubles } = watch();
  await timers.advance(PROBE_EVERY_MS);
  expect(troubles()).toEqual([]);
  found.database = AWAY;
  await timers.advance(3 * PROBE_EVERY_MS);
  expect(troubles()).toMatchObject([{ service: 'database', kind: 'away' }]);
  expect(log.of('service lost')).toMatchObject([
    { level: 'error', fields: { service: 'database', kind: 'away', remedy: 'Start it.' } },
  ]);
  found.database = undefined;
  await timers.advance(PROBE_EVERY_MS);
  expect(troubles()).toEqual([]);
  expect(log.of('service back')).toMatchObject([
    { level: 'info', fields: { service: 'database', afterMs: 3 * PROBE_EVERY_MS } },
  ]);
  expect(changes.map(({ length }) => length)).toEqual([1, 0]);
});

test('another trouble of the same service, and one of the other service, are reported', async () => {
  const { timers, changes, found } = watch();
  found.database = AWAY;
  await timers.advance(PROBE_EVERY_MS);
  found.database = FULL;
  found.broker = AWAY;
  await timers.advance(PROBE_EVERY_MS);
  expect(changes.at(-1)?.map(({ service, kind }) => `${service} ${kind}`)).toEqual([
    'database full',
    'broker away',
  ]);
});

test('nothing is left once it is closed', () => {
  const { timers, close } = watch();
  close();
  expect(timers.pending()).toBe(0);
});

const NODE = {
  ...{ disk: true, memory: false, diskFree: 212e6, diskLimit: 500e6 },
  ...{ memoryUsed: 1e9, memoryLimit: 2e9 },
};

test('an alarm is named with the broker’s shortage and the remedy', () => {
  expect(describeBlocked('low on disk', [NODE])).toMatchObject({
    kind: 'blocked',
    what: expect.stringContaining('its disk is nearly full (212 MB free, its limit is 500 MB)'),
    remedy: expect.stringContaining('Make room'),
  });
  expect(
    describeBlocked('low on memory', [{ ...NODE, memory: true, memoryUsed: 3e9 }]),
  ).toMatchObject({
    what: expect.stringContaining('its memory is short (3.0 GB of 2.0 GB used)'),
  });
  expect(describeBlocked('low on disk', [])?.what).toContain('nearly full: no command');
});
