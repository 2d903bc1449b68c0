/** Makes the workload files of a bench once, from a seed, with the command mix of the real files. */
import { appendFileSync, existsSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { generateWorkload } from '../../producers/workload/generate.ts';

export type Shape = { readonly users: number; readonly commands: number };

const SEED = 1;
const LINES_AT_ONCE = 10_000;

/**
 * Returns the path of the file. The closing `DUMPLOG` that generated workloads have is left out: a run is
 * timed to its last audit row, and dumps are timed by themselves.
 */
export function workloadFile(folder: string, { users, commands }: Shape): string {
  const path = join(folder, 'workloads', `${users}-users-${commands}-commands.workload`);
  if (existsSync(path)) return path;
  mkdirSync(join(folder, 'workloads'), { recursive: true });
  const unfinished = `${path}.unfinished`;
  writeFileSync(unfinished, '');
  let lines: string[] = [];
  const flush = (): void => {
    appendFileSync(unfinished, lines.map((line) => `${line}\n`).join(''));
    lines = [];
  };
  for (const line of generateWorkload({ users, commands: commands + 1, seed: SEED })) {
    if (line.includes('DUMPLOG')) continue;
    lines.push(line);
    if (lines.length === LINES_AT_ONCE) flush();
  }
  flush();
  renameSync(unfinished, path);
  return path;
}
