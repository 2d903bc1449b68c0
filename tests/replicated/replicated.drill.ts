/** Strikes a replicated system with every fault there is, under load. `smoke.test.ts` is the short form. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { canMakeNamespaces } from '../../infra/services/replicated/namespaces.ts';
import { succeeded } from '../support/run-daytrade.ts';
import { expectNothingLost } from './check-accounts.ts';
import { REPLICATED_FAULTS } from './faults.ts';
import { writeIsolated } from './isolated-primary.ts';
import { openUnderLoad, type UnderLoad } from './under-load.ts';

const START_MS = 300_000;
/** A rolling restart of everything takes four minutes by itself. */
const FAULT_MS = 900_000;
/** The load ends by itself; it lasts through about five minutes of faults. */
const LOAD = { commands: 30_000, rate: 100, probeEveryMs: 50 };

const canPart = canMakeNamespaces();

describe('a replicated system under load', () => {
  let drilled: UnderLoad;

  beforeAll(async () => {
    drilled = await openUnderLoad(LOAD);
  }, START_MS);
  afterAll(() => drilled.close(), START_MS);

  for (const fault of REPLICATED_FAULTS) {
    const check = fault.parts === true && !canPart ? test.skip : test;
    check(`serves again after ${fault.name}`, () => drilled.strike(fault), FAULT_MS);
  }

  (canPart ? test : test.skip)(
    'a primary that is cut off takes no write that counts',
    async () => {
      expect(await writeIsolated(drilled.system)).toEqual({ told: [], storedLate: [] });
    },
    FAULT_MS,
  );

  test(
    'has lost nothing and done nothing twice at the end',
    () => expectNothingLost(drilled),
    FAULT_MS,
  );

  test(
    'is as it was at a moment before a mistake, its accounts and its log alike',
    async () => {
      const before = await done(['accounts']);
      const moment = new Date().toISOString();
      await done(['send', 'ADD,mistake,100.00']);
      await drilled.system.stop();
      await done(['restore', '--to', moment]);
      await drilled.system.start();
      expect(await done(['accounts'])).toBe(before);
      await done(['verify']);
      await done(['send', 'ADD,afterwards,100.00']);
      await done(['verify', '--drained']);
    },
    START_MS,
  );

  async function done(args: readonly string[]): Promise<string> {
    return (await succeeded(args, drilled.system.daytrade(args))).output;
  }
});
