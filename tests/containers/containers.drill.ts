/** Builds our image on substitutes made from Debian's packages, and runs the Compose file with it. */
import { chownSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { until } from '../support/until.ts';
import {
  besides,
  containerOf,
  openCompose,
  startPrometheus,
  WORKLOAD,
  type ComposeSystem,
} from './compose-system.ts';
import { whatIsLacking } from './engine.ts';
import { makeImages, OURS } from './images.ts';

const IMAGES_MS = 1_800_000;
const TEST_MS = 600_000;
const COMPOSE = 'infra/compose/compose.yml';
/** The grace period of the Compose file. */
const GRACE_S = '30';
/** A user that no image knows. */
const STRANGER = 4_242;
/** A load that outlasts the test. */
const LONG = 'daytrade generate --commands 100000 --out /tmp/long && daytrade workload /tmp/long';

const lacking = whatIsLacking();
const title = lacking === undefined ? 'containers' : `containers (skipped: ${lacking})`;

(lacking === undefined ? describe : describe.skip)(title, () => {
  let system: ComposeSystem;
  const podman: ComposeSystem['podman'] = (...args) => system.podman(...args);

  beforeAll(async () => {
    system = openCompose(COMPOSE);
    await system.down();
    await makeImages(system.engine, ['node', 'postgres', 'rabbitmq', 'prometheus']);
  }, IMAGES_MS);
  afterAll(() => system.down(), TEST_MS);

  test(
    'the image has a user, a signal to stop and a health check, and no compiler',
    async () => {
      const [image] = JSON.parse(await podman('image', 'inspect', OURS)) as [{ Size: number }];
      expect(image).toMatchObject({ Healthcheck: { Test: expect.arrayContaining(['node']) } });
      expect(image).toMatchObject({ Config: { User: 'node', StopSignal: 'SIGTERM' } });
      const run = (script: string): Promise<string> =>
        podman('run', '--rm', '--network', 'none', OURS, 'sh', '-c', script);
      const tools = 'for name in cc gcc make python3 git; do command -v $name; done';
      const inside = (await run(`ls /app /app/node_modules; ${tools}; true`)).split('\n');
      expect(inside).toContain('amqplib');
      const unwanted = /^(typescript|rolldown|jest|tests|consumers|\/.*bin\/.*)$/;
      expect(inside.filter((name) => unwanted.test(name))).toEqual([]);
      const ours = (await run('du -sm /app')).split('\t')[0] ?? '';
      console.log(`The image has ${Math.round(image.Size / 1e6)} MB, of which ${ours} are ours.`);
    },
    TEST_MS,
  );

  test(
    'the Compose file comes up, does its work and can be backed up',
    async () => {
      await system.up(['postgres', 'rabbitmq', 'daytrade']);
      await system.healthy();
      await system.work();
      await system.daytrade('backup', '/tmp/backup');
    },
    TEST_MS,
  );

  test(
    'Prometheus reads the metrics of every process and of the broker',
    async () => {
      await startPrometheus(system, COMPOSE);
      const ask = `fetch('http://127.0.0.1:9090/api/v1/targets').then((answer) => answer.text()).then(console.log)`;
      await until(
        async () => {
          const { data } = JSON.parse(
            await podman('exec', containerOf('daytrade'), 'node', '-e', ask),
          ) as { data: { activeTargets: readonly { health: string; scrapePool: string }[] } };
          const down = data.activeTargets.filter(({ health }) => health !== 'up');
          if (down.length > 0) throw new Error(JSON.stringify(down));
          return new Set(data.activeTargets.map(({ scrapePool }) => scrapePool)).size === 3;
        },
        { what: 'all targets of the three kinds are up', timeoutMs: 300_000 },
      );
      await podman('rm', '--force', containerOf('prometheus'));
    },
    TEST_MS,
  );

  test.each(['daytrade', 'rabbitmq', 'postgres'])(
    '%s comes back when it is killed',
    async (service) => {
      await system.kill(service);
      await system.healthy();
      await system.work();
    },
    TEST_MS,
  );

  test(
    'it drains when it is stopped under load',
    async () => {
      const events = 'SELECT count(*) FROM daytrade.audit_events';
      const count = async (): Promise<number> => {
        const psql = ['psql', '--username', 'daytrade', '-Atc', events];
        return Number(await podman('exec', containerOf('postgres'), ...psql));
      };
      const before = await count();
      const load = podman('exec', containerOf('daytrade'), 'sh', '-c', LONG).catch(() => 'cut off');
      await until(async () => (await count()) > before, { what: 'the load is under way' });
      await stopInTime(containerOf('daytrade'));
      expect(await load).toBe('cut off');
      await podman('start', containerOf('daytrade'));
      await system.healthy();
      await system.daytrade('verify', '--drained');
    },
    TEST_MS,
  );

  test(
    'it runs as any user, on a read-only root file system with one writable folder',
    async () => {
      const beside = await besides(system);
      await stopInTime(containerOf('daytrade'));
      const folder = mkdtempSync(join(tmpdir(), 'daytrade-container-'));
      chownSync(folder, STRANGER, STRANGER);
      const name = 'stranger';
      const options = [
        ...['--detach', '--name', name, '--user', `${STRANGER}:${STRANGER}`],
        ...['--read-only', '--read-only-tmpfs=false', '--volume', `${folder}:/var/lib/daytrade`],
      ];
      await podman('run', ...options, ...beside);
      await system.healthy(name);
      await podman('exec', name, 'daytrade', 'workload', WORKLOAD);
      await podman('exec', name, 'daytrade', 'verify', '--drained');
      await stopInTime(name);
      await podman('rm', name);
      rmSync(folder, { recursive: true });
    },
    TEST_MS,
  );

  /** Stops a container, which must end by itself within its grace period. */
  async function stopInTime(name: string): Promise<void> {
    await podman('stop', '--time', GRACE_S, name);
    expect((await podman('inspect', '--format', '{{.State.ExitCode}}', name)).trim()).toBe('0');
  }
});
