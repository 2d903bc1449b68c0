/** Runs a Compose file with podman-compose, as its users do with Docker. */
import { readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { parse } from 'yaml';
import { packageRoot } from '../../shared/runtime/package-root.ts';
import { until } from '../support/until.ts';
import { openEngine, type Engine } from './engine.ts';
import { OURS } from './images.ts';

/** Brokers take up to a minute to start on a busy machine. */
const HEALTHY_MAX_MS = 300_000;
const LOOK_MS = 1_000;
/** What a user would write into `.env`. */
const PASSWORDS = {
  POSTGRES_PASSWORD: 'drill1',
  RABBITMQ_PASSWORD: 'drill2',
  GRAFANA_PASSWORD: 'drill3',
  REPLICATION_PASSWORD: 'drill4',
  ERLANG_COOKIE: 'drill5',
};
const PROJECT = 'daytrade';
/** In the image, which has the samples of the package. */
export const WORKLOAD = '/app/workloads/sample.workload';

export type ComposeSystem = {
  readonly engine: Engine;
  readonly podman: (...args: readonly string[]) => Promise<string>;
  /** Starts services of the file. */
  readonly up: (services: readonly string[]) => Promise<void>;
  /** Removes all containers with their volumes. */
  readonly down: () => Promise<void>;
  /** Resolves to the output of a command in the container of our system. */
  readonly daytrade: (...args: readonly string[]) => Promise<string>;
  /** Kills the first process of a service's container; resolves when the engine has started it again. */
  readonly kill: (service: string) => Promise<void>;
  /** Runs a workload on the system, after which nothing may be missing, done twice or under way. */
  readonly work: () => Promise<void>;
  /** Resolves when the health check of our image succeeds in a container, by default in that of our system. */
  readonly healthy: (container?: string) => Promise<void>;
};

/** Returns the name of the container of a service. */
export const containerOf = (service: string): string => `${PROJECT}_${service}_1`;

export function openCompose(file: string): ComposeSystem {
  const engine = openEngine(join(packageRoot, '.daytrade-containers'), PASSWORDS);
  const podman = (...args: readonly string[]): Promise<string> => engine.run('podman', ...args);
  const ours = containerOf('daytrade');
  const path = join(packageRoot, file);
  const daytrade: ComposeSystem['daytrade'] = (...args) =>
    podman('exec', ours, 'daytrade', ...args);
  return {
    engine,
    podman,
    up: async (services) => {
      await engine.run('podman-compose', '-p', PROJECT, '-f', path, 'up', '--detach', ...services);
      // podman-compose leaves out a service whose published port is taken at that moment.
      const created = podman('ps', '--all', '--filter', 'status=created', '--format', '{{.Names}}');
      for (const name of (await created).split('\n').filter((each) => each !== '')) {
        await until(() => podman('start', name), { what: `${name} is started` });
      }
    },
    down: async () => {
      // A container that is just being restarted cannot be removed.
      const remove = ['rm', '--all', '--force', '--time', '0', '--volumes'];
      await until(async () => [await podman(...remove)], { what: 'no container is left' });
      await podman('volume', 'prune', '--force');
    },
    daytrade,
    kill: async (service) => {
      const read = (field: string): Promise<string> =>
        podman('inspect', '--format', `{{.State.${field}}}`, containerOf(service));
      const before = await read('StartedAt');
      process.kill(Number(await read('Pid')), 'SIGKILL');
      await until(
        async () =>
          (await read('StartedAt')) !== before && (await read('Running')).trim() === 'true',
        { what: `${service} is started again` },
      );
    },
    work: async () => {
      await daytrade('workload', WORKLOAD);
      await daytrade('verify', '--drained');
    },
    healthy: async (container = ours) => {
      await until(() => podman('healthcheck', 'run', container), {
        what: `${container} is healthy`,
        timeoutMs: HEALTHY_MAX_MS,
        lookMs: LOOK_MS,
      });
    },
  };
}

/**
 * Returns the arguments that start our image beside the container of a Compose file: on the same
 * network, and with the same addresses.
 */
export async function besides({ podman }: ComposeSystem): Promise<readonly string[]> {
  const [{ Config, NetworkSettings }] = JSON.parse(
    await podman('inspect', containerOf('daytrade')),
  ) as [
    {
      readonly Config: { readonly Env: readonly string[] };
      readonly NetworkSettings: { readonly Networks: Readonly<Record<string, unknown>> };
    },
  ];
  const addresses = Config.Env.filter((each) => /^(AMQP_|DATABASE_)/.test(each));
  return [
    ...Object.keys(NetworkSettings.Networks).flatMap((name) => ['--network', name]),
    ...addresses.flatMap((each) => ['--env', each]),
    OURS,
  ];
}

/**
 * Starts Prometheus as the Compose file says, in the network of our container: podman-compose 1.0
 * does not know `network_mode: service:NAME`.
 */
export async function startPrometheus({ podman }: ComposeSystem, file: string): Promise<void> {
  const path = join(packageRoot, file);
  const { services } = parse(readFileSync(path, 'utf8')) as {
    readonly services: {
      readonly prometheus: {
        readonly image: string;
        readonly command: readonly string[];
        readonly volumes: readonly string[];
      };
    };
  };
  const { image, command, volumes } = services.prometheus;
  const mounts = volumes.map((mount) =>
    mount.startsWith('.')
      ? resolve(dirname(path), mount.split(':')[0] ?? '') + mount.slice(mount.indexOf(':'))
      : mount,
  );
  await podman(
    ...['run', '--detach', '--name', containerOf('prometheus')],
    ...['--network', `container:${containerOf('daytrade')}`],
    ...mounts.flatMap((mount) => ['--volume', mount]),
    ...[image, ...command],
  );
}
