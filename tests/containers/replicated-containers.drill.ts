/** Runs the Compose file of the replicated shape, and kills a broker and the primary. */
import { afterAll, beforeAll, describe, test } from '@jest/globals';
import { containerOf, openCompose, type ComposeSystem } from './compose-system.ts';
import { whatIsLacking } from './engine.ts';
import { makeImages, makePatroni } from './images.ts';

const IMAGES_MS = 1_800_000;
const TEST_MS = 900_000;

const lacking = whatIsLacking();
const title = lacking === undefined ? 'containers' : `containers (skipped: ${lacking})`;

(lacking === undefined ? describe : describe.skip)(title, () => {
  let system: ComposeSystem;

  beforeAll(async () => {
    system = openCompose('infra/compose/replicated.yml');
    await system.down();
    await makeImages(system.engine, ['node', 'postgres', 'rabbitmq', 'etcd', 'haproxy']);
    await makePatroni(system.engine);
  }, IMAGES_MS);
  afterAll(() => system.down(), TEST_MS);

  test(
    'the replicated shape comes up and does its work',
    async () => {
      await system.up([]);
      await system.healthy();
      await system.work();
    },
    TEST_MS,
  );

  test(
    'it does its work after a broker was killed',
    async () => {
      await system.kill('rabbitmq-b');
      await system.healthy();
      await system.work();
    },
    TEST_MS,
  );

  test(
    'it does its work after the primary was killed, with its Patroni',
    async () => {
      await system.kill(await primary());
      await system.healthy();
      await system.work();
    },
    TEST_MS,
  );

  async function primary(): Promise<string> {
    const names = ['postgres-a', 'postgres-b', 'postgres-c'];
    const ask = `Promise.any(${JSON.stringify(names)}.map(async (name) => {
      const { ok } = await fetch(\`http://\${name}:8008/primary\`);
      if (!ok) throw new Error(name);
      console.log(name);
    }))`;
    return (await system.podman('exec', containerOf('daytrade'), 'node', '-e', ask)).trim();
  }
});
