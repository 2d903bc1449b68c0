// Finds the test suites and sorts them into the groups that run together.
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join, relative } from 'node:path';
import { dist, root } from './root.mjs';

/**
 * The layers, with the longest suites first: a long suite that starts last would keep one core
 * waiting.
 */
const LAYERS = [
  'containers',
  'replicated',
  'faults',
  'browser',
  'e2e',
  'integration',
  'simulation',
  'property',
  'contract',
  'fuzz',
  'tidy',
  'unit',
];
/** The layers whose suites need no PostgreSQL and no RabbitMQ. */
const WITHOUT_SERVICES = new Set([
  'containers',
  'replicated',
  'simulation',
  'property',
  'fuzz',
  'tidy',
  'unit',
]);
/** The layers of `npm run test:unit`, which take seconds together. */
const UNIT_LAYERS = new Set(['unit', 'tidy']);
/**
 * Matches a first comment that says `@runs-alone` with a reason: the suite must not share the
 * machine.
 */
const RUNS_ALONE = /^\/\*\*(?:(?!\*\/)[^])*@runs-alone\s+\S/;

/**
 * Returns the compiled suites whose path contains one of the patterns, or all without a pattern:
 * those that may run in parallel, and those that must run alone.
 */
export function selectSuites(patterns, { unitOnly = false } = {}) {
  const wanted = patterns.map((pattern) => pattern.replace(/^\.\//, '').replace(/\.[jt]s$/, ''));
  const files = compiledFiles('.test.js')
    .filter((path) => wanted.length === 0 || wanted.some((part) => nameOf(path).includes(part)))
    .filter((path) => !unitOnly || UNIT_LAYERS.has(layerOf(path)));
  const isAlone = (path) => RUNS_ALONE.test(readFileSync(join(root, `${nameOf(path)}.ts`), 'utf8'));
  return {
    ...needsOf(files),
    sideBySide: files.filter((path) => !isAlone(path)),
    alone: files.filter(isAlone),
  };
}

/** Returns the long tests of `npm run drill` by name: `chaos` is `tests/faults/chaos.drill.ts`. */
export function findDrills() {
  const named = compiledFiles('.drill.js').map((path) => [basename(path, '.drill.js'), path]);
  return new Map(named);
}

/** Returns the drills with these names; each runs alone. */
export function selectDrills(names) {
  const drills = findDrills();
  const files = names.map((name) => drills.get(name));
  return { ...needsOf(files), sideBySide: [], alone: files };
}

const needsOf = (files) => ({
  needsServices: files.some((path) => !WITHOUT_SERVICES.has(layerOf(path))),
  needsBrowser: files.some((path) => layerOf(path) === 'browser'),
});

function compiledFiles(ending) {
  return readdirSync(join(dist, 'tests'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(ending))
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
    .sort(byLayer);
}

/** Orders the paths of suites by layer, then by name. */
export const byLayer = (one, other) =>
  rankOf(one) - rankOf(other) || (one < other ? -1 : Number(one > other));

/** Returns the suite's name as in the sources: `tests/unit/domain/money.test`. */
export const nameOf = (path) => relative(dist, path).slice(0, -'.js'.length);

export const layerOf = (path) => nameOf(path).split('/')[1];

function rankOf(path) {
  const rank = LAYERS.indexOf(layerOf(path));
  return rank === -1 ? LAYERS.length : rank;
}
