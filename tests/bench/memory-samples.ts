/** Memory of processes over time, read from /proc. */
import { readFileSync } from 'node:fs';
import type { NamedProcess } from '../../infra/supervisor/process-usage.ts';

export type MemorySample = {
  readonly name: string;
  /** Seconds since the first look. */
  readonly atS: number;
  readonly bytes: number;
};

const LOOK_MS = 250;

/** Looks until it is told to stop, and gives what it saw. */
export function sampleMemory(list: () => readonly NamedProcess[]): () => readonly MemorySample[] {
  const samples: MemorySample[] = [];
  const startedAt = performance.now();
  const timer = setInterval(() => {
    const atS = (performance.now() - startedAt) / 1_000;
    for (const { name, pid } of list()) {
      const bytes = pid === undefined ? undefined : residentBytes(pid);
      if (bytes !== undefined) samples.push({ name, atS, bytes });
    }
  }, LOOK_MS);
  return () => {
    clearInterval(timer);
    return samples;
  };
}

function residentBytes(pid: number): number | undefined {
  try {
    const kilobytes = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return kilobytes === undefined ? undefined : Number(kilobytes) * 1_024;
  } catch {
    return undefined;
  }
}
