/** Makes the images: substitutes for those of registries, and ours. */
import { copyFileSync, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../shared/runtime/package-root.ts';
import type { Engine } from './engine.ts';

const DEBIAN = 'docker.io/library/debian:trixie-slim';
/** The Node of the Dockerfile. */
const NODE = 'node@24';
/** Each is made by the Dockerfile of its name in `substitutes`. */
const SUBSTITUTES = {
  node: 'docker.io/library/node:24-trixie-slim',
  postgres: 'docker.io/library/postgres:17',
  rabbitmq: 'docker.io/library/rabbitmq:4.0-management',
  prometheus: 'docker.io/prom/prometheus:v2.53.3',
  etcd: 'quay.io/coreos/etcd:v3.5.16',
  haproxy: 'docker.io/library/haproxy:3.0',
} as const;
export const OURS = 'localhost/daytrade:0.1.0';

type DebianRoot = { readonly debootstrap: (folder: string) => void };

/** Makes those of the substitutes that are not there yet, and builds our image anew. */
export async function makeImages(
  engine: Engine,
  substitutes: readonly (keyof typeof SUBSTITUTES)[],
): Promise<void> {
  await importDebian(engine);
  const from = join(packageRoot, 'tests/containers/substitutes');
  const context = join(engine.folder, 'context');
  mkdirSync(context, { recursive: true });
  copyFileSync(join(from, 'postgres-entrypoint.sh'), join(context, 'postgres-entrypoint.sh'));
  for (const name of substitutes) {
    const image = SUBSTITUTES[name];
    if (await exists(engine, image)) continue;
    if (name === 'node') {
      const options = ['--no-save', '--no-audit', '--prefix', context];
      await engine.run('npm', 'install', ...options, NODE, 'npm');
    }
    await build(engine, { file: join(from, `${name}.Dockerfile`), image, context, npm: [] });
  }
  const file = join(packageRoot, 'infra/compose/Dockerfile');
  const npm = await npmSettings(engine);
  await build(engine, { file, image: OURS, context: packageRoot, npm });
}

/** Builds the image of PostgreSQL under Patroni, on the substitute of PostgreSQL. */
export async function makePatroni(engine: Engine): Promise<void> {
  const context = join(packageRoot, 'infra/compose');
  const file = join(context, 'patroni.Dockerfile');
  await build(engine, { file, image: 'localhost/daytrade-patroni:17', context, npm: [] });
}

/** Imports Debian 13, from whose packages all the substitutes are made. */
async function importDebian(engine: Engine): Promise<void> {
  if (await exists(engine, DEBIAN)) return;
  const { debootstrap } = (await import(
    join(packageRoot, 'infra/setup/debian-root.mjs')
  )) as DebianRoot;
  const folder = join(engine.folder, 'debian');
  const archive = join(engine.folder, 'debian.tar');
  debootstrap(folder);
  const caches = ['./var/cache/apt/*', './var/lib/apt/lists/*'];
  const left = caches.map((path) => `--exclude=${path}`);
  await engine.run('tar', '-C', folder, ...left, '-cf', archive, '.');
  await engine.run('podman', 'import', archive, DEBIAN);
  rmSync(folder, { recursive: true });
  rmSync(archive);
}

type Build = {
  readonly file: string;
  readonly image: string;
  readonly context: string;
  /** Arguments that give the build this machine's registry of packages. */
  readonly npm: readonly string[];
};

/** The isolation `chroot` builds where a container cannot be made inside another. */
const build = ({ run }: Engine, { file, image, context, npm }: Build): Promise<string> =>
  run(
    'buildah',
    'bud',
    ...['--isolation', 'chroot', '--pull-never', '--layers', ...npm],
    ...['--file', file, '--tag', image, context],
  );

/** Returns the mounts that give a build the registry of this machine's npm, and its authorities. */
async function npmSettings({ run, folder }: Engine): Promise<readonly string[]> {
  const { NODE_EXTRA_CA_CERTS: authorities } = process.env;
  const registry = await run('npm', 'config', 'get', 'registry');
  const npmrc = join(folder, 'npmrc');
  const inside = '/etc/ssl/extra-authorities.pem';
  const hasMore = authorities !== undefined && existsSync(authorities);
  writeFileSync(npmrc, `registry=${registry.trim()}\n${hasMore ? `cafile=${inside}\n` : ''}`);
  return [
    ...['--volume', `${npmrc}:/root/.npmrc:ro`],
    ...(hasMore ? ['--volume', `${authorities}:${inside}:ro`] : []),
  ];
}

const exists = ({ run }: Engine, image: string): Promise<boolean> =>
  run('podman', 'image', 'exists', image).then(
    () => true,
    () => false,
  );
