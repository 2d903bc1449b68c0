/** Compares what a replicated system holds after a drill with what its load and its probe were told. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from '@jest/globals';
import type { UnderLoad } from './under-load.ts';

/** Waits until load and probe are answered, then demands that nothing is lost and nothing happened twice. */
export async function expectNothingLost({ system, probe, load }: UnderLoad): Promise<void> {
  await probe.finish();
  await load.finished();
  const accounts = join(system.home, 'accounts.ndjson');
  expect(await system.daytrade(['verify', '--drained'])).toMatchObject({ exitCode: 0 });
  expect(await system.daytrade(['accounts', accounts])).toMatchObject({ exitCode: 0 });
  const lines = readFileSync(accounts, 'utf8').split('\n');
  const loaded = lines.filter((line) => !line.includes('"probe-'));
  expect(await load.differences(loaded)).toBe('');
  const probed = lines.filter((line) => line.includes('"probe-')).map(parseBalance);
  expect(new Map(probed)).toEqual(probe.acknowledged());
}

function parseBalance(line: string): readonly [string, number] {
  const { user, balance } = JSON.parse(line) as { user: string; balance: number };
  return [user, balance];
}
