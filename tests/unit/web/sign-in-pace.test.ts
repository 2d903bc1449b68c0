/** Guessing is slowed down, and the right password gets in. */
import { describe, expect, test } from '@jest/globals';
import { clientAddressOf } from '../../../producers/web/server/access/client-address.ts';
import { FAILURES_OF_NETWORK_FREE } from '../../../producers/web/server/parts/limits.ts';
import {
  openSignInPace,
  type SignInPace,
} from '../../../producers/web/server/parts/sign-in-pace.ts';
import { deferred } from '../../../shared/runtime/deferred.ts';

const NOTHING = { here: 0, ofUser: 0, ofNetwork: 0 };
const ALICE = { user: 'alice', network: '192.0.2.1', failures: NOTHING };

/** A pace whose waits are recorded and take no time. */
function openTestPace(): { readonly pace: SignInPace; readonly waits: number[] } {
  const waits: number[] = [];
  const wait = async (ms: number): Promise<void> => {
    waits.push(ms);
    await Promise.resolve();
  };
  return { pace: openSignInPace({ now: () => 0, wait }), waits };
}

const done = (): Promise<string> => Promise.resolve('checked');

describe('attempts to sign in', () => {
  test('wait for nothing while few have failed', async () => {
    const { pace, waits } = openTestPace();
    const failures = { here: 9, ofUser: 99, ofNetwork: 49 };
    for (let attempt = 0; attempt < 5; attempt += 1) await pace.run({ ...ALICE, failures }, done);
    expect(waits).toEqual([]);
  });

  test('are apart by a second and more after that, and are refused only for now', async () => {
    const { pace, waits } = openTestPace();
    const attempt = { ...ALICE, failures: { here: 40, ofUser: 40, ofNetwork: 40 } };
    for (let count = 0; count < 3; count += 1) await pace.run(attempt, done);
    expect(waits).toEqual([4_000, 8_000]);
    await expect(pace.run(attempt, done)).rejects.toMatchObject({
      code: 'too-many-requests',
      message: 'try again in 12 s; the password was not checked, so it may be right',
      headers: { 'retry-after': '12' },
    });
  });

  test('that are under way count as failures', async () => {
    const { pace } = openTestPace();
    const gate = deferred();
    const results = await Promise.allSettled(
      Array.from({ length: 30 }, async () => {
        const running = pace.run(ALICE, () => gate.promise);
        gate.resolve();
        await running;
      }),
    );
    const refused = results.filter(({ status }) => status === 'rejected');
    expect(refused.length).toBeGreaterThan(5);
  });

  test('of somebody who has not failed do not wait for those of a guesser behind the same address', async () => {
    const { pace, waits } = openTestPace();
    const ofNetwork = FAILURES_OF_NETWORK_FREE * 4;
    const guesser = { ...ALICE, user: 'bob', failures: { here: 200, ofUser: 200, ofNetwork } };
    await Promise.allSettled(Array.from({ length: 20 }, () => pace.run(guesser, done)));
    waits.length = 0;
    const alice = { ...ALICE, failures: { here: 0, ofUser: 0, ofNetwork } };
    expect(await pace.run(alice, done)).toBe('checked');
    expect(waits).toEqual([]);
  });
});

describe('the network that a request is counted by', () => {
  test.each([
    ['192.0.2.7', '192.0.2.7'],
    ['::ffff:192.0.2.7', '192.0.2.7'],
    ['::ffff:c000:207', '192.0.2.7'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:db8:1:2::ffff', '2001:db8:1:2::/64'],
    ['2001:db8:1:3::1', '2001:db8:1:3::/64'],
    ['fe80::1%eth0', 'fe80::/64'],
    ['no address', 'unknown'],
  ])('of %s is %s', (address, network) => {
    expect(clientAddressOf(address).network).toBe(network);
  });

  test('of a connection that is gone is unknown', () => {
    expect(clientAddressOf(undefined)).toEqual({ address: 'unknown', network: 'unknown' });
  });
});
