/** Writes the audit log, in a process of its own: nothing else is in its memory. */
import { createWriteStream } from 'node:fs';
import { dumpLog } from '../../infra/cli/dump-log.ts';
import { openPool } from '../../shared/pg/pool.ts';
import { openFileLogger } from '../../shared/runtime/logger.ts';
import { runAsTool } from '../../infra/capacity/tool.ts';

const LOOK_MS = 20;

export type DumpInput = {
  readonly databaseUrl: string;
  readonly path: string;
  readonly logFile: string;
};

export type DumpMemory = {
  readonly events: number;
  readonly seconds: number;
  /** The most that was resident in each fourth of the time, in bytes. */
  readonly residentBytes: readonly number[];
};

const FOURTHS = [1, 2, 3, 4];

runAsTool(async (given): Promise<DumpMemory> => {
  const { databaseUrl: url, path, logFile } = given as DumpInput;
  const log = openFileLogger('bench-dump', { level: 'info', file: logFile });
  const pool = openPool({ url, name: 'bench-dump', size: 1, log });
  const samples: { readonly at: number; readonly bytes: number }[] = [];
  const startedAt = performance.now();
  const look = (): void => {
    samples.push({ at: performance.now() - startedAt, bytes: process.memoryUsage.rss() });
  };
  const timer = setInterval(look, LOOK_MS);
  try {
    const events = await dumpLog(pool, { into: createWriteStream(path), user: undefined });
    look();
    const ms = performance.now() - startedAt;
    const most = (fourth: number): number =>
      samples
        .filter(({ at }) => Math.ceil((4 * at) / ms) === fourth)
        .reduce((peak, { bytes }) => Math.max(peak, bytes), 0);
    return { events, seconds: ms / 1_000, residentBytes: FOURTHS.map(most) };
  } finally {
    clearInterval(timer);
    await pool.end();
  }
});
