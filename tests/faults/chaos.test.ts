/** A short run of chaos with fixed seeds. What another seed finds becomes a named test. */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runChaos } from '../../infra/chaos/run-chaos.ts';
import { removeDeleted } from '../../infra/services/postgres-data.ts';
import { recordingLogger } from '../support/recording-logger.ts';

const TEST_MS = 240_000;
const MINUTES = 0.5;

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'daytrade-chaos-'));
});
afterEach(() => {
  rmSync(home, { recursive: true, force: true });
  removeDeleted(home);
});

describe('chaos', () => {
  test.each([1, 2])(
    'with seed %i: everything is done in the end, and adds up',
    async (seed) => {
      const said: string[] = [];
      const say = (line: string): void => void said.push(line);
      const result = await runChaos({ home, seed, minutes: MINUTES, say, log: recordingLogger() });
      expect(result.findings.filter(({ offenders }) => offenders > 0)).toEqual([]);
      expect(result.commands).toBe(MINUTES * 60 * 200);
      expect(said.length).toBeGreaterThanOrEqual(result.faults);
    },
    TEST_MS,
  );
});
