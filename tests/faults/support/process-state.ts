/** Reads the state of a process from the operating system. */
import { readFileSync } from 'node:fs';
import { until } from '../../support/until.ts';
import type { FaultSystem } from './fault-system.ts';

/** `T`: stopped; undefined: gone, or a zombie. */
function stateOf(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const state = stat.slice(stat.lastIndexOf(')') + 2)[0];
    return state === 'Z' ? undefined : state;
  } catch {
    return undefined;
  }
}

export const isAlive = (pid: number): boolean => stateOf(pid) !== undefined;

/** Resolves to the stopped process of the system, once there is one. */
export async function stopped({ system }: FaultSystem): Promise<number> {
  return await until(
    () => system.info().processes.find(({ pid }) => pid !== undefined && stateOf(pid) === 'T')?.pid,
    { what: 'a process is stopped' },
  );
}
