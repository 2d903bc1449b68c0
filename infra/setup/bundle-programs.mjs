// Bundles every program with the packages that it needs into the folder given: a process then loads a few
// files instead of a thousand, and starts in a third of the time. A process of its own, because a path
// with `?` or `#` needs flags of Node (see plain-root.mjs).
//
//   node bundle-programs.mjs FOLDER
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';

const root = fileURLToPath(new URL('../../', import.meta.url));
const [, , folder] = process.argv;

/** They read files beside their own code, or have native code; and a package that pg can do without. */
const NOT_BUNDLED = ['@node-rs/argon2', '@fastify/swagger-ui', '@fastify/static', 'pg-native'];

/**
 * The programs, each started by its path (`consumers/audit/main`). `package-root` finds folders by its own
 * path: as an entry it is a chunk of its own, and chunks are two folders deep, as it is in the sources.
 */
const entries = [
  'shared/runtime/package-root',
  // What `daytrade capacity` measures with.
  'tests/bench/run-tool',
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
  // Settings of the environment are removed before any package can read them.
  strictExecutionOrder: true,
  sourcemap: true,
  // Stack traces need lines, not texts; Node reads the map of each file when it loads it.
  sourcemapExcludeSources: true,
  // Less to read and to compile at each start. Names stay, for stack traces and profiles.
  minify: { compress: false, mangle: false, codegen: { removeWhitespace: true } },
});
await bundle.close();
