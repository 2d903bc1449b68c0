/** Strikes a replicated system with every fault there is, under load. `smoke.test.ts` is the short form. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { canMakeNamespaces } from '../../infra/services/replicated/namespaces.ts';
import { succeeded } from '../support/run-daytrade.ts';
import { expectNothingLost } from './check-accounts.ts';
import { REPLICATED_FAULTS } from './faults.ts';
import { writeIsolated } from './isolated-primary.ts';
import { openUnderLoad, type UnderLoad } from './under-load.ts';

/** Longer than the system may take to start, its members to be whole, and all of them to stop. */
const START_MS = 480_000;
/** A rolling restart of everything takes four minutes by itself. */
const FAULT_MS = 900_000;
/** All faults, or the first ones, as `npm run drill` was asked by `--faults`. */
const FAULTS = REPLICATED_FAULTS.slice(0, Number(process.env['DRILL_FAULTS'] ?? Infinity));
const hasAll = FAULTS.length === REPLICATED_FAULTS.length;
/** The load ends by itself; it lasts through the faults, each of which takes about 24 seconds. */
const LOAD = { commands: FAULTS.length * 2_400, rate: 100, probeEveryMs: 50 };

const canPart = canMakeNamespaces();

describe('a replicated system under load', () => {
  let drilled: UnderLoad;

  beforeAll(async () => {
    drilled = await openUnderLoad(LOAD);
  }, START_MS);
  // It is undefined if the start failed, which has stopped everything by itself.
  afterAll(() => (drilled as UnderLoad | undefined)?.close(), START_MS);

  for (const fault of FAULTS) {
    const check = fault.parts === true && !canPart ? test.skip : test;
    check(`serves again after ${fault.name}`, () => drilled.strike(fault), FAULT_MS);
  }

  (canPart && hasAll ? test : test.skip)(
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

  (hasAll ? test : test.skip)(
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
