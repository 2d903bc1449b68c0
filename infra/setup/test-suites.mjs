// Which suites there are, in the order in which they run.
import { readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { dist } from './root.mjs';

/** They need no services; whatever else there is gets them. */
const ALONE = ['unit', 'property', 'tidy', 'simulation'];
/** Small things first: a fault shows in the suite that is nearest to it. */
const FIRST = ['integration', 'e2e'];

/** The compiled suites whose path holds one of the patterns (all without one), in two groups. */
export function selectSuites(patterns) {
  const wanted = patterns.map((pattern) => pattern.replace(/^\.\//, '').replace(/\.[jt]s$/, ''));
  const files = readdirSync(join(dist, 'tests'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.test.js'))
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
    .filter((path) => wanted.length === 0 || wanted.some((part) => nameOf(path).includes(part)))
    .sort((one, other) => rankOf(one) - rankOf(other) || (one < other ? -1 : 1));
  const isAlone = (path) => ALONE.includes(folderOf(path));
  return { alone: files.filter(isAlone), served: files.filter((path) => !isAlone(path)) };
}

/** As in the sources: `tests/unit/domain/money.test`. */
export const nameOf = (path) => relative(dist, path).slice(0, -'.js'.length);

const folderOf = (path) => nameOf(path).split('/')[1];

function rankOf(path) {
  const rank = [...ALONE, ...FIRST].indexOf(folderOf(path));
  return rank === -1 ? ALONE.length + FIRST.length : rank;
}
