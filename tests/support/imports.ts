/** Reads the relative imports of source files and finds cycles among them. Pure. */
import { dirname, join } from 'node:path';

/** Names, each with the names that it leads to. */
export type Graph = ReadonlyMap<string, readonly string[]>;

/** Returns the files that a file imports, statically, dynamically or for their types. */
export const importsIn = (file: string, text: string): readonly string[] => [
  ...new Set(
    [...text.matchAll(/(?:\bfrom|\bimport)\s*\(?\s*'(\.[^']*\.(?:tsx?|mjs))'/g)].map(
      ([, specifier = '']) => join(dirname(file), specifier),
    ),
  ),
];

/** Returns one path from a name back to itself for each cycle that a walk through the graph meets. */
export function cyclesIn(graph: Graph): readonly (readonly string[])[] {
  const done = new Set<string>();
  const path: string[] = [];
  const cycles: string[][] = [];
  const visit = (name: string): void => {
    if (path.includes(name)) {
      cycles.push([...path.slice(path.indexOf(name)), name]);
      return;
    }
    if (done.has(name)) return;
    path.push(name);
    for (const next of graph.get(name) ?? []) visit(next);
    path.pop();
    done.add(name);
  };
  for (const name of graph.keys()) visit(name);
  return cycles;
}
