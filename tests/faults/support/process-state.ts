/** What the system's kernel says of a process. */
import { readFileSync } from 'node:fs';
import { until } from '../../support/until.ts';
import type { FaultSystem } from './fault-system.ts';

/** `T` = stopped; undefined = gone, or dead and not yet buried. */
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

/** Resolves to the process of the system that is stopped, once there is one. */
export async function stopped({ system }: FaultSystem): Promise<number> {
  return await until(
    () => system.info().processes.find(({ pid }) => pid !== undefined && stateOf(pid) === 'T')?.pid,
    { what: 'a process is stopped' },
  );
}
