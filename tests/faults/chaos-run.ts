/** Runs chaos with a seed in a data folder of its own, and asserts that the books balance in the end. */
import { expect } from '@jest/globals';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runChaos, type ChaosOptions } from '../../infra/chaos/run-chaos.ts';
import { removeDeleted } from '../../infra/services/private/postgres-data.ts';
import { recordingLogger } from '../support/recording-logger.ts';

type ChaosRun = Pick<ChaosOptions, 'seed' | 'minutes'> & { readonly commandsPerS: number };

export async function expectSoundChaos(run: ChaosRun): Promise<void> {
  const home = mkdtempSync(join(tmpdir(), 'daytrade-chaos-'));
  try {
    const said: string[] = [];
    const say = (line: string): void => void said.push(line);
    const result = await runChaos({ ...run, home, say, log: recordingLogger() });
    expect(result.findings.filter(({ offenders }) => offenders > 0)).toEqual([]);
    expect(result.commands).toBe(run.minutes * 60 * run.commandsPerS);
    expect(said.length).toBeGreaterThanOrEqual(result.faults);
  } finally {
    rmSync(home, { recursive: true, force: true });
    removeDeleted(home);
  }
}
