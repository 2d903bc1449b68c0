import { expect, test } from '@jest/globals';
import { openHistory } from '../../../infra/figures/open-history.ts';
import { manualTimers } from '../../support/manual-timers.ts';
import { recordingLogger } from '../../support/recording-logger.ts';

const NOBODY_ANSWERS = 'No process of the system can be scraped';

function open(isShown: () => boolean) {
  const timers = manualTimers();
  const log = recordingLogger();
  const options = { targets: () => [], loadBroker: undefined, shardCount: 1, homeOf: () => 'a' };
  return { timers, history: openHistory({ ...options, isShown, timers, log }) };
}

test('samples are taken seldom while nobody looks, and often for everybody who does', async () => {
  const { timers, history } = open(() => true);
  await timers.advance(45_000);
  expect(history.view(0).at).toHaveLength(3);
  for (let looks = 0; looks < 20; looks += 1) history.view(0);
  await timers.advance(30_000);
  expect(history.view(0).at).toHaveLength(9);
  history.close();
  expect(timers.pending()).toBe(0);
});

test('nothing is sampled before there is a web', async () => {
  let isShown = false;
  const { timers, history } = open(() => isShown);
  await timers.advance(60_000);
  isShown = true;
  await timers.advance(10_000);
  expect(history.view(0).at).toHaveLength(0);
  await timers.advance(10_000);
  expect(history.view(0).at).not.toHaveLength(0);
  history.close();
});

test('what cannot be known is told', async () => {
  const { timers, history } = open(() => true);
  await timers.advance(15_000);
  const { shards, faults, alerts } = history.view(0);
  expect(shards).toBeNull();
  expect(faults).toEqual([expect.stringContaining('set AMQP_MANAGEMENT_URL')]);
  expect(alerts).toMatchObject([{ name: 'SystemDown', summary: NOBODY_ANSWERS }]);
  history.close();
});
