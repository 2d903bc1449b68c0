/** Fault 6: messages come twice, late or in another order; the producer continues with another pack size. */
import { describe, expect, test } from '@jest/globals';
import { limitQueues } from '../../infra/chaos/broker-faults.ts';
import { atRate } from '../../producers/workload/pace.ts';
import { until } from '../support/until.ts';
import { expectSound, runOn, startRun } from './support/fault-run.ts';
import type { FaultSystem } from './support/fault-system.ts';
import { deliverTwice } from './support/deliver-twice.ts';

const TEST_MS = 240_000;

/** The ways in which each message comes a second time, with the delay in milliseconds. */
export const AT_ONCE: SecondTime = ['at once', 0];
export const LATE: SecondTime = ['late, behind those that came after', 700];
type SecondTime = readonly [how: string, delayMs: number];

/** Runs on a system that it shares with the other fault tests. */
export function deliverInEveryWay(
  faults: () => FaultSystem,
  secondTimes: readonly SecondTime[],
): void {
  describe('messages', () => {
    test.each(secondTimes)(
      'come twice, %s',
      async (_name, delayMs) => {
        const twice = await deliverTwice(faults(), delayMs);
        const run = startRun(faults(), { name: `twice after ${delayMs}`, symbols: 60 });
        await run.result;
        await until(() => twice.waiting() === 0, { what: 'every message has come again' });
        await expectSound(faults(), run);
        expect(twice.count()).toBeGreaterThan(100);
        await twice.close();
      },
      TEST_MS,
    );

    test(
      'are overtaken: refused by a full queue, and sent again after those behind them',
      async () => {
        const lift = await limitQueues(faults().broker);
        const run = startRun(faults(), { name: 'overtaken', commands: 800, pack: 2 });
        // A queue is full only while it has no consumer, and the consumers soon come back.
        const killConsumers = (): void => {
          for (const { name, pid } of faults().system.info().processes) {
            if (name.startsWith('transaction') && pid !== undefined) process.kill(pid, 'SIGKILL');
          }
        };
        const isRefused = (): boolean => {
          killConsumers();
          return run.log.of('message not published').length > 0;
        };
        await until(isRefused, { what: 'the broker refuses messages', lookMs: 500 });
        await lift();
        await expectSound(faults(), run);
      },
      TEST_MS,
    );

    test(
      'come from an interrupted producer that continues with another pack size',
      async () => {
        const interrupt = new AbortController();
        const options = { name: 'interrupted', pace: atRate(250), signal: interrupt.signal };
        const first = startRun(faults(), { ...options, pack: 16 });
        await until(() => first.answered() >= 100, { what: 'the run is under way' });
        interrupt.abort(new Error('interrupted'));
        await expect(first.result).rejects.toThrow('interrupted');
        const rest = runOn(faults(), first.file, { name: 'interrupted', pack: 5 });
        await expectSound(faults(), rest);
        expect((await rest.result).commands).toBe(400);
      },
      TEST_MS,
    );

    test('of a run whose name belongs to another file are not sent', async () => {
      const other = startRun(faults(), { name: 'another file', commands: 20 });
      await other.result;
      const taken = runOn(faults(), other.file, { name: 'interrupted' });
      await expect(taken.result).rejects.toThrow('--run interrupted is the name of a run of');
    });
  });
}
