/** How often functions of ours ran: V8's own counts, which every process writes when it ends. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Bed } from '../../infra/capacity/bed.ts';
import { measure } from './measure.ts';
import type { RunCase } from '../../infra/capacity/run-case.ts';

export type FunctionCount = { readonly name: string; readonly perSecond: number };
export type FunctionFigures = { readonly of: string; readonly functions: readonly FunctionCount[] };

type Coverage = {
  readonly result: readonly {
    readonly url: string;
    readonly functions: readonly {
      readonly functionName: string;
      readonly ranges: readonly { readonly count: number }[];
    }[];
  }[];
};

const SHOWN_MAX = 25;

/**
 * Counts in a run of their own (counting slows it a little), and divides by its own time. There is no
 * warm-up, which would be counted too.
 */
export async function measureFunctions(bed: Bed, each: RunCase): Promise<FunctionFigures> {
  const folder = mkdtempSync(join(tmpdir(), 'daytrade-counts-'));
  try {
    const environment = { ...each.environment, NODE_V8_COVERAGE: folder };
    const { figures } = await measure(bed, { ...each, environment, warmUp: undefined });
    const functions = [...countsIn(folder)]
      .map(([name, count]) => ({ name, perSecond: count / figures.seconds }))
      .sort((one, other) => other.perSecond - one.perSecond)
      .slice(0, SHOWN_MAX);
    return { of: each.name, functions };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function countsIn(folder: string): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const file of readdirSync(folder)) {
    const { result } = JSON.parse(readFileSync(join(folder, file), 'utf8')) as Coverage;
    for (const { url, functions } of result) {
      const [, path] = /\/dist\/((?:consumers|producers|shared)\/.*)\.js$/.exec(url) ?? [];
      if (path === undefined) continue;
      for (const { functionName, ranges } of functions) {
        const name = `${path} ${functionName}`;
        if (functionName !== '')
          counts.set(name, (counts.get(name) ?? 0) + (ranges[0]?.count ?? 0));
      }
    }
  }
  return counts;
}
