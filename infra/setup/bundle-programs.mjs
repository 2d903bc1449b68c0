// Bundles every program with its packages into the given folder. A process then loads a few files
// instead of a thousand, and starts in a third of the time. Runs as its own process, because a path
// with `?` or `#` needs flags of Node (see plain-root.mjs).
//
//   node bundle-programs.mjs FOLDER
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';

const root = fileURLToPath(new URL('../../', import.meta.url));
const [, , folder] = process.argv;

/**
 * Packages that read files next to their own code or contain native code, and an optional package
 * of pg.
 */
const NOT_BUNDLED = ['@node-rs/argon2', '@fastify/swagger-ui', '@fastify/static', 'pg-native'];

/**
 * The programs, each named by its path (`consumers/audit/main`). `package-root` finds folders
 * relative to its own file. As an entry it becomes a chunk of its own, and chunks are two folders
 * deep, as its source is.
 */
const entries = [
  'shared/runtime/package-root',
  // The program with which `daytrade capacity` measures.
  'infra/capacity/run-tool',
  // The fault build of the transaction consumer, which the tests of faults start.
  'tests/faults/support/transaction-main',
  ...['consumers', 'producers', 'infra'].flatMap((layer) =>
    readdirSync(join(root, layer), { recursive: true, encoding: 'utf8' })
      .filter((path) => /(^|\/)main\.ts$/.test(path) && !path.includes('node_modules'))
      .map((path) => join(layer, path.slice(0, -'.ts'.length))),
  ),
];

/**
 * pg looks for Cloudflare by making a `Response`. On Node 20 that alone loads Node's whole `fetch`, a tenth
 * of what the start of a process costs. The replacement changes no position, so that maps stay true.
 */
const withoutCloudflare = {
  name: 'without-cloudflare',
  transform: {
    filter: { id: /[\\/]pg[\\/]lib[\\/]stream\.js$/ },
    handler: (code) => {
      const asked = "typeof Response === 'function'";
      if (!code.includes(asked)) throw new Error('pg no longer looks for Cloudflare: remove this');
      return { code: code.replace(asked, 'false'.padEnd(asked.length)), map: null };
    },
  },
};

const bundle = await rolldown({
  input: Object.fromEntries(entries.map((entry) => [entry, join(root, `${entry}.ts`)])),
  platform: 'node',
  external: NOT_BUNDLED,
  resolve: { symlinks: false },
  checks: { eval: false },
  plugins: [withoutCloudflare],
});
await bundle.write({
  dir: folder,
  format: 'esm',
  entryFileNames: '[name].js',
  chunkFileNames: 'shared/chunks/[name]-[hash].js',
  // Runs modules in source order: `foreign-environment` must remove variables before a package
  // reads them.
  strictExecutionOrder: true,
  sourcemap: true,
  // Stack traces need line numbers, not source texts, and Node reads the map of each file that it
  // loads.
  sourcemapExcludeSources: true,
  // Less to read and to compile at each start. Names stay, for stack traces and profiles.
  minify: { compress: false, mangle: false, codegen: { removeWhitespace: true } },
});
await bundle.close();
