// Checks the types of the web client, bundles it to dist/web-client, and compresses its files.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { BUNDLED_STAMP } from './build-state.mjs';
import { clientFingerprintOf } from './fingerprint.mjs';
import { KEEP_LINKS, withPlainRoot } from './plain-root.mjs';
import { dist, root, tsc } from './root.mjs';
import { fail, runQuietly } from './run.mjs';

/** The folder of the bundle, which the web server serves. */
export const bundled = join(dist, 'web-client');

const STAMP = join(dist, BUNDLED_STAMP);
const CLIENT = join(root, 'producers/web/client');

export async function bundle() {
  // Taken before the build, so that a source written during it is bundled the next time.
  const fingerprint = clientFingerprintOf(root);
  await run('its types do not fit', [tsc, '--project', CLIENT]);
  await withPlainRoot((plainRoot) => run('Vite could not bundle it', viteBuildIn(plainRoot)));
  compressAssets();
  writeFileSync(STAMP, fingerprint);
}

const viteBuildIn = (plainRoot) => [
  ...KEEP_LINKS,
  ...[join(plainRoot, 'node_modules/vite/bin/vite.js'), 'build', '--configLoader', 'native'],
  ...['--config', join(plainRoot, 'producers/web/client/vite.config.js'), '--logLevel', 'warn'],
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
  const folder = join(bundled, 'assets');
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    const content = readFileSync(path);
    writeFileSync(`${path}.br`, brotliCompressSync(content));
    writeFileSync(`${path}.gz`, gzipSync(content, { level: 9 }));
  }
}
