/** Makes the workload files of a bench once, from a seed, with the command mix of the real files. */
import { appendFileSync, existsSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { generateWorkload, SYMBOLS } from '../../producers/workload/generate.ts';

export type Shape = {
  readonly users: number;
  readonly commands: number;
  /** A workload of another seed has other users and stocks; 1 by default. */
  readonly seed?: number;
  /** The number of stocks; by default that of the real files. */
  readonly symbols?: number;
};

const LINES_AT_ONCE = 10_000;

/**
 * Returns the path of the file. The closing `DUMPLOG` that generated workloads have is left out: a run is
 * timed to its last audit row, and dumps are timed by themselves.
 */
export function workloadFile(
  folder: string,
  { users, commands, seed = 1, symbols = SYMBOLS }: Shape,
): string {
  const name = `${users}-users-${commands}-commands-${symbols}-stocks-seed-${seed}.workload`;
  const path = join(folder, 'workloads', name);
  if (existsSync(path)) return path;
  mkdirSync(join(folder, 'workloads'), { recursive: true });
  const unfinished = `${path}.unfinished`;
  writeFileSync(unfinished, '');
  let lines: string[] = [];
  const flush = (): void => {
    appendFileSync(unfinished, lines.map((line) => `${line}\n`).join(''));
    lines = [];
  };
  for (const line of generateWorkload({ users, commands: commands + 1, seed, symbols })) {
    if (line.includes('DUMPLOG')) continue;
    lines.push(line);
    if (lines.length === LINES_AT_ONCE) flush();
  }
  flush();
  renameSync(unfinished, path);
  return path;
}
