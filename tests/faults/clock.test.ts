/** Fault 9: the wall clock of one process is stepped forward and back by two minutes. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { atRate } from '../../producers/workload/pace.ts';
import { until } from '../support/until.ts';
import { expectSound, startRun } from './support/fault-run.ts';
import { openFaultSystem, type FaultSystem } from './support/fault-system.ts';
import { fakedClockLibrary, openFakedClock, type FakedClock } from './support/faked-clock.ts';

const START_MS = 240_000;
const TEST_MS = 240_000;
const STEP_S = 120;
/** A limit between the times that a right and a wrong clock would store. */
const OFF_MAX_MS = 60_000;

const library = fakedClockLibrary();
const withLibrary = library === undefined ? describe.skip : describe;

withLibrary('a wall clock stepped in one process (skipped where libfaketime is missing)', () => {
  let folder: string;
  let faults: FaultSystem;
  const clocks = new Map<string, FakedClock>();
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'daytrade-clocks-'));
    for (const name of ['transaction-1', 'quote-1']) {
      clocks.set(name, openFakedClock(library ?? '', join(folder, name)));
    }
    faults = await openFaultSystem({
      quoteDelayMs: 20,
      override: (name) => ({ env: { ...clocks.get(name)?.env } }),
    });
  }, START_MS);
  afterAll(async () => {
    await faults.close();
    rmSync(folder, { recursive: true });
  }, START_MS);

  test.each(['transaction-1', 'quote-1'])(
    '%s: what happened when is told by the database alone',
    async (name) => {
      const clock = clocks.get(name);
      const run = startRun(faults, { name: `stepped ${name}`, pace: atRate(200), symbols: 60 });
      await until(() => run.answered() >= 50, { what: 'the run is under way' });
      clock?.step(STEP_S);
      await until(() => run.answered() >= 200, { what: 'half of the run is done' });
      clock?.step(-STEP_S);
      await expectSound(faults, run);
      expect(await eventsOff(run.name)).toBe(0);
      clock?.step(STEP_S);
      process.kill(faults.pidOf(name), 'SIGTERM');
      await until(() => wroteAhead(name), { what: 'its log shows the wrong time' });
    },
    TEST_MS,
  );

  /** Counts the audited events of a run whose time is not that of the test. */
  async function eventsOff(run: string): Promise<number> {
    const { rowCount } = await faults.pool.query(
      `SELECT FROM audit_events WHERE stream = $1 AND abs(at - $2) > $3`,
      [`run:${run}`, Date.now(), OFF_MAX_MS],
    );
    return rowCount ?? -1;
  }

  function wroteAhead(name: string): boolean {
    const lines = readFileSync(join(faults.home, 'logs', `${name}.log`), 'utf8')
      .trim()
      .split('\n');
    const { timestamp } = JSON.parse(lines.at(-1) ?? '{}') as { readonly timestamp?: string };
    return Date.parse(timestamp ?? '') > Date.now() + OFF_MAX_MS;
  }
});
