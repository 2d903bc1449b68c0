/** How fast the audit log becomes a file. */
import { rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { dumpLog } from '../../infra/cli/dump-log.ts';
import type { Bed } from './bed.ts';

export type DumpFigures = {
  readonly events: number;
  readonly seconds: number;
  readonly bytes: number;
  /** Of the process that writes it: growth over what it held before. */
  readonly memoryGrowthBytes: number;
};

/** Dumps whatever the last run left. */
export async function measureDump(bed: Bed): Promise<DumpFigures> {
  const path = join(bed.folder, 'dump.xml');
  const before = process.memoryUsage().rss;
  let most = before;
  const timer = setInterval(() => (most = Math.max(most, process.memoryUsage().rss)), 50);
  const startedAt = performance.now();
  try {
    const events = await dumpLog(bed.pool, { path, user: undefined });
    const seconds = (performance.now() - startedAt) / 1_000;
    const bytes = statSync(path).size;
    return { events, seconds, bytes, memoryGrowthBytes: most - before };
  } finally {
    clearInterval(timer);
    rmSync(path, { force: true });
  }
}
