/** How fast the audit log becomes a file, and whether its length is felt in memory. */
import { rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Bed } from '../../infra/capacity/bed.ts';
import type { DumpInput, DumpMemory } from './dump-tool.ts';
import { startTool } from '../../infra/capacity/tool.ts';

export type DumpFigures = DumpMemory & {
  /** Of the file. */
  readonly bytes: number;
};

/** Dumps whatever the last run left. */
export async function measureDump({ folder, services }: Bed): Promise<DumpFigures> {
  const path = join(folder, 'dump.xml');
  const { databaseUrl } = services;
  const input: DumpInput = { databaseUrl, path, logFile: join(folder, 'bench.log') };
  const tool = startTool<DumpMemory>('tests/bench/dump-tool', input);
  try {
    return { ...(await tool.result), bytes: statSync(path).size };
  } finally {
    await tool.end();
    rmSync(path, { force: true });
  }
}
