// Checks the types of the web client, bundles it to dist/web-client, and compresses its files. Bundles the
// script of the pages that commands write to dist/report-script, with the licence of its chart library.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { BUNDLED_STAMP } from './build-state.mjs';
import { clientFingerprintOf } from './fingerprint.mjs';
import { KEEP_LINKS, withPlainRoot } from './plain-root.mjs';
import { dist, root, tsc } from './root.mjs';
import { fail, runQuietly } from './run.mjs';

/** The folders of bundles in a build: what the web server serves, and the script of pages. */
export const BUNDLES = ['web-client', 'report-script'];

const [served, script] = BUNDLES.map((name) => join(dist, name));
const STAMP = join(dist, BUNDLED_STAMP);
const CLIENT = join(root, 'producers/web/client');

export async function bundle() {
  // Taken before the build, so that a source written during it is bundled the next time.
  const fingerprint = clientFingerprintOf(root);
  await run('its types do not fit', [tsc, '--project', CLIENT]);
  await withPlainRoot(async (plainRoot) => {
    await run('Vite could not bundle it', viteBuildIn(plainRoot, 'production'));
    await run('Vite could not bundle the script of pages', viteBuildIn(plainRoot, 'report'));
  });
  compressAssets();
  writeLicence();
  writeFileSync(STAMP, fingerprint);
}

const viteBuildIn = (plainRoot, mode) => [
  ...KEEP_LINKS,
  ...[join(plainRoot, 'node_modules/vite/bin/vite.js'), 'build', '--configLoader', 'native'],
  ...['--config', join(plainRoot, 'producers/web/client/vite.config.js'), '--mode', mode],
  ...['--logLevel', 'warn'],
];

async function run(what, args) {
  const { code, output } = await runQuietly(process.execPath, args, { cwd: root });
  if (code === 0) return;
  fail(1, output, [
    `The web client could not be built: ${what} (see above).`,
    'Probably a file below producers/web/client was changed, or the clone is not complete.',
    'Correct it (`git status` shows what differs from the clone), then try again.',
  ]);
}

/** Writes a `.br` and a `.gz` beside each file, which the web server sends to browsers that read them. */
function compressAssets() {
  const folder = join(served, 'assets');
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    const content = readFileSync(path);
    writeFileSync(`${path}.br`, brotliCompressSync(content));
    writeFileSync(`${path}.gz`, gzipSync(content, { level: 9 }));
  }
}

/** Writes the notice of the chart library and the text of its licence, which the minified script lacks. */
function writeLicence() {
  const read = (name) => readFileSync(join(root, 'node_modules/lightweight-charts', name), 'utf8');
  const [notice] = /\/\*!.*?\*\//s.exec(read('dist/lightweight-charts.production.mjs')) ?? [];
  if (notice === undefined) throw new Error('the chart library no longer begins with its notice');
  writeFileSync(join(script, 'LICENSE'), `${notice}\n\n${read('LICENSE')}`);
}
