/** An operator sees that a service is away or takes no messages, and that it is back. */
import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { request } from 'node:https';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { raiseAlarm } from '../../infra/chaos/broker-control.ts';
import { findSystem } from '../../shared/control/control-client.ts';
import { socketOf } from '../../shared/amqp/broker-silence.ts';
import { openLink, type OnConnection } from '../../shared/amqp/link.ts';
import { openPublisher } from '../../shared/amqp/publisher.ts';
import type { TargetGroup } from '../../infra/supervisor/system-metrics.ts';
import { describeAnswers, TELLING_COMMANDS } from './outage-answers.ts';
import { describeSecrets } from './outage-secrets.ts';
import { ONE_EACH } from '../support/one-each.ts';
import { DAYTRADE, plainEnvironment } from '../support/run-daytrade.ts';
import { recordingLogger } from '../support/recording-logger.ts';
import { openUpSystem, type UpSystem } from '../support/up-system.ts';
import { until } from '../support/until.ts';

const START_MS = 300_000;
const TEST_MS = 240_000;
/** The documents promise ten seconds, but a test machine may be busy. */
const SEEN_MAX_MS = 60_000;

let system: UpSystem;
beforeAll(async () => {
  system = await openUpSystem({
    ...ONE_EACH,
    WEB_PROCESSES: '2',
  });
}, START_MS);
afterAll(() => system.close(), START_MS);

const get = async (path: string): Promise<Response> =>
  await fetch(new URL(path, (await system.info()).metricsUrl));

const isWell = (): Promise<boolean> => system.isWell();

async function webHealth(): Promise<number | undefined> {
  const { web } = await system.info();
  if (web?.authority === undefined) throw new Error('there is no web');
  const ca = readFileSync(web.authority.file);
  return await new Promise((resolve, reject) => {
    const asking = request(new URL('/health', web.url), { ca, agent: false }, (response) => {
      response.resume();
      resolve(response.statusCode);
    });
    asking.on('error', reject).end();
  });
}

const seriesOf = async (name: string): Promise<readonly string[]> =>
  (await (await get('/metrics')).text()).split('\n').filter((line) => line.startsWith(`${name}{`));

const supervisorLog = (): string => readFileSync(join(system.home, 'logs/supervisor.log'), 'utf8');

test('a fresh start logs no connection as recovered', () => {
  const folder = join(system.home, 'logs');
  const logged = readdirSync(folder).map((name) => readFileSync(join(folder, name), 'utf8'));
  expect(logged.join('')).toContain('"message":"system started"');
  expect(logged.join('').match(/"message":"[^"]* back"/g)).toBeNull();
});

test(
  'an endless command ends once its reader is gone',
  async () => {
    const run = (args: string): Promise<number | null> => {
      const line = `'${process.execPath}' '${DAYTRADE}' ${args} | head -n 1`;
      const env = { ...plainEnvironment(), ...system.environment };
      const shell = spawn('bash', ['-o', 'pipefail', '-c', line], { env, stdio: 'ignore' });
      return new Promise((resolve) => shell.once('close', resolve));
    };
    const ended = Promise.all([run('status --watch --json'), run('logs --follow')]);
    let isOver = false;
    void ended.then(() => (isOver = true));
    // Logs from now on go to the closed pipe.
    const isEnded = async (): Promise<boolean> => {
      if (!isOver) await (await findSystem(system.home))?.actions.setLogLevel('info', undefined);
      return isOver;
    };
    await until(isEnded, { what: 'both have ended', timeoutMs: SEEN_MAX_MS });
    expect(await ended).toEqual([0, 0]);
  },
  TEST_MS,
);

describeSecrets(() => system);

describe('a database that does not answer', () => {
  test(
    'is reported by health, metrics, status and log, and so is its return',
    async () => {
      const pid = await system.pid('postgresql');
      process.kill(pid, 'SIGSTOP');
      try {
        await until(async () => !(await isWell()), {
          what: 'health is bad',
          timeoutMs: SEEN_MAX_MS,
        });
        expect(await (await get('/health')).json()).toMatchObject({
          troubles: [{ service: 'database', kind: 'away' }],
        });
        expect(await webHealth()).toBe(503);
        const up = await seriesOf('daytrade_process_up');
        expect(up.filter((line) => line.endsWith(' 1'))).toEqual([
          expect.stringContaining('name="quote-server"'),
          expect.stringContaining('name="rabbitmq"'),
        ]);
        expect(await seriesOf('daytrade_service_up')).toEqual([
          expect.stringMatching(/service="database".* 0$/),
          expect.stringMatching(/service="broker".* 1$/),
        ]);
        const status = await system.daytrade(['status']);
        expect(status).toMatchObject({ exitCode: 0 });
        expect(status.output).toMatch(
          /^NOT WELL\n +database +since .*: PostgreSQL does not answer/,
        );
        expect(status.output).toContain('unknown: it does not answer');
        expect(`${status.output}${status.said}`).not.toMatch(/^ +at /m);
        expect(supervisorLog()).toContain('"service lost"');
      } finally {
        process.kill(pid, 'SIGCONT');
      }
      await until(isWell, { what: 'health is good', timeoutMs: SEEN_MAX_MS });
      expect(supervisorLog()).toContain('"service back"');
      expect(await webHealth()).toBe(200);
      expect((await system.daytrade(['status'])).output).toMatch(/^Processes/);
    },
    TEST_MS,
  );
});

// `npm run drill -- outage` tries every command.
describeAnswers(() => system, TELLING_COMMANDS);

describe('a broker with an alarm', () => {
  test(
    'is reported with its remedy by every command that waits for it',
    async () => {
      const endAlarm = await raiseAlarm(system.home, 'disk');
      try {
        await until(async () => !(await isWell()), {
          what: 'health is bad',
          timeoutMs: SEEN_MAX_MS,
        });
        // The broker reports the free space a little later than the alarm.
        const isMeasured = async (): Promise<boolean> =>
          JSON.stringify((await system.info()).troubles).includes(' free');
        await until(isMeasured, {
          what: 'the alarm says how much is free',
          timeoutMs: SEEN_MAX_MS,
        });
        expect((await system.daytrade(['status'])).output).toMatch(
          /^NOT WELL\n +broker .*its disk is nearly full \(.* free[^]*Make room/,
        );
        const sent = await system.daytrade(['send', 'ADD,alice,1.00']);
        expect(sent).toMatchObject({ exitCode: 1 });
        expect(sent.said).toContain('RabbitMQ takes no messages because its disk is nearly full');
        expect(sent.said).toContain('Make room');
      } finally {
        await endAlarm();
      }
      await until(isWell, { what: 'health is good', timeoutMs: SEEN_MAX_MS });
    },
    TEST_MS,
  );
});

describe('what Prometheus is told', () => {
  test('each web process has an endpoint of its own', async () => {
    const groups = (await (await get('/targets')).json()) as readonly TargetGroup[];
    const webs = groups.filter(({ labels }) => labels['process']?.startsWith('web-'));
    expect(webs.map(({ labels }) => labels['process'])).toEqual(['web-1', 'web-2']);
    for (const { targets, labels } of webs) {
      const text = await (await fetch(`http://${targets[0] ?? ''}/metrics`)).text();
      const names = [...text.matchAll(/process="([^"]+)"/g)].map(([, name]) => name);
      expect(new Set(names)).toEqual(new Set([labels['process']]));
    }
  });
});

/** One second for each handshake without an answer, and time for a busy machine. */
const CLOSED_MAX_MS = 10_000;

describe('a connection that publishes', () => {
  const open = async () => {
    const { amqpUrl: url } = (await system.info()).producer;
    const link = await openLink({ url, name: 'to be closed', log: recordingLogger() });
    let model: Parameters<OnConnection>[0] | undefined;
    await link.listen((given) => {
      model = given;
      return Promise.resolve();
    });
    return {
      link,
      publisher: await openPublisher(link),
      isGone: () => model !== undefined && socketOf(model).destroyed,
    };
  };
  /** Counts the timers, each of which keeps a process alive. */
  const timers = (): number =>
    process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length;
  const commands = { exchange: 'commands.16', key: 'nowhere', body: Buffer.alloc(0), type: 'test' };
  type Opened = Awaited<ReturnType<typeof open>>;
  const expectClosed = async ({ link, publisher, isGone }: Opened): Promise<void> => {
    const startedAt = performance.now();
    await publisher.close();
    await link.close();
    expect(performance.now() - startedAt).toBeLessThan(CLOSED_MAX_MS);
    expect(isGone()).toBe(true);
  };

  test(
    'is closed within a bound under a memory alarm',
    async () => {
      const told = await open();
      const untold = await open();
      const endAlarm = await raiseAlarm(system.home, 'memory');
      try {
        // The broker blocks a connection at its first publish after the alarm has reached it.
        const isBlocked = (): boolean => {
          told.publisher.publish(commands).catch(() => undefined);
          return told.link.isBlocked();
        };
        await until(isBlocked, { what: 'the connection is blocked' });
        untold.publisher.publish(commands).catch(() => undefined);
        await Promise.all([expectClosed(told), expectClosed(untold)]);
      } finally {
        await endAlarm();
      }
    },
    TEST_MS,
  );

  test(
    'is closed within a bound if the broker hangs',
    async () => {
      const before = timers();
      const opened = await open();
      const pid = await system.pid('rabbitmq');
      process.kill(pid, 'SIGSTOP');
      try {
        await expectClosed(opened);
        await until(() => timers() === before, { what: 'no heartbeat is left' });
      } finally {
        process.kill(pid, 'SIGCONT');
      }
    },
    TEST_MS,
  );

  test(
    'does not delay a stop of the system under a memory alarm',
    async () => {
      await raiseAlarm(system.home, 'memory');
      await until(async () => !(await isWell()), { what: 'health is bad', timeoutMs: SEEN_MAX_MS });
      await system.stop();
      expect(supervisorLog()).not.toContain('SIGKILL');
    },
    TEST_MS,
  );
});
