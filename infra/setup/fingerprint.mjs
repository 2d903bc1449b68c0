// Fingerprints sources cheaply, by their sizes and modification times instead of their contents.
import { createHash } from 'node:crypto';
import { readdirSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';

const SOURCE_FOLDERS = ['consumers', 'infra', 'producers', 'shared', 'tests'];
const CLIENT = 'producers/web/client';
const SOURCE_FILES = ['package-lock.json', 'tsconfig.json', 'infra/setup/bundle-programs.mjs'];

/**
 * Returns every TypeScript source in the folders of the package, as relative paths in a stable order.
 */
export function sourcesOf(root, folders = SOURCE_FOLDERS) {
  const found = [];
  const walk = (folder) => {
    for (const entry of entriesOf(join(root, folder))) {
      const path = `${folder}/${entry.name}`;
      if (entry.isDirectory() && entry.name !== 'node_modules') walk(path);
      else if (entry.name.endsWith('.ts') && !entry.name.endsWith('.d.ts')) found.push(path);
    }
  };
  folders.forEach(walk);
  return found.sort();
}

/**
 * Returns every file that the web client is bundled from, except packages, which the lock file
 * covers.
 */
export function clientSourcesOf(root) {
  const own = readdirSync(join(root, CLIENT), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(root, join(entry.parentPath ?? entry.path, entry.name)));
  return [...own, ...sourcesOf(root, ['shared'])].sort();
}

/** Returns a hash that changes when a source is added, removed or written. */
export const fingerprintOf = (root) => fingerprintOfFiles(root, sourcesOf(root));

/** Returns the same for the web client. */
export const clientFingerprintOf = (root) => fingerprintOfFiles(root, clientSourcesOf(root));

function fingerprintOfFiles(root, sources) {
  const hash = createHash('sha256');
  for (const path of [...SOURCE_FILES, ...sources]) {
    const { size, mtimeMs } = statSync(join(root, path));
    hash.update(`${path} ${size} ${mtimeMs}\n`);
  }
  return hash.digest('hex');
}

function entriesOf(folder) {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch (error) {
    if (error.code === 'ENOENT') return [];
    throw error;
  }
}
