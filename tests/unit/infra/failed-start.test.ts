/** A start that cannot succeed ends soon, leaves nothing, and says why. */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { keepRunning } from '../../../infra/host/keep-running.ts';
import { hasEnded, stopProcess, untilReady } from '../../../infra/host/private-process.ts';
import { startChild } from '../../../infra/supervisor/child.ts';
import { refuseTakenPorts } from '../../../infra/supervisor/taken-ports.ts';
import { readSettings } from '../../../infra/host/settings.ts';
import { recordingLogger } from '../../support/recording-logger.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'daytrade-failed-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const SLEEPER = ['-e', 'setInterval(() => {}, 1000)'];
const log = recordingLogger();

test('a process that never takes work is given up, with the last line of its log', async () => {
  const main = join(folder, 'failing.mjs');
  writeFileSync(
    main,
    `console.error('{"timestamp":"t","level":"error","message":"process failed to start","error":{"message":"listen EADDRINUSE"}}');`,
  );
  const child = startChild({
    ...{ name: 'web-1', main: () => main, env: { PATH: process.env['PATH'] }, logFolder: folder },
    ...{ silenceMaxMs: 0, log, onReady: () => undefined },
  });
  await expect(child.ready()).rejects.toThrow(
    /web-1 did not start: it ended 3 times \(exit 0\)[^]*process failed to start: listen EADDRINUSE/,
  );
  await child.stop();
});

describe('a private service', () => {
  const keep = (signal: AbortSignal, said: string[]): ReturnType<typeof keepRunning> =>
    keepRunning({
      name: 'PostgreSQL',
      launch: () => (started = spawn(process.execPath, SLEEPER, { stdio: 'ignore' })),
      ready: (child, waiting) =>
        untilReady(() => Promise.reject(new Error('no TLS')), {
          name: 'PostgreSQL',
          child,
          logFile: join(folder, 'service.log'),
          longestMs: 60_000,
          signal: waiting,
          say: (line) => void said.push(line),
          explain: (answer) => new Error(`PostgreSQL did not start: ${answer}`),
        }),
      stop: (child) => stopProcess(child, 'SIGKILL', 1_000),
      signal,
      say: () => undefined,
      log,
    });
  let started: ReturnType<typeof spawn> | undefined;

  test('is stopped if its start is interrupted', async () => {
    const interrupt = new AbortController();
    const kept = keep(interrupt.signal, []);
    interrupt.abort(new Error('interrupted'));
    await expect(kept).rejects.toThrow('interrupted');
    expect(started && hasEnded(started)).toBe(true);
  });

  test('that ends says the last answer of the server', async () => {
    const kept = keep(new AbortController().signal, []);
    started?.kill('SIGKILL');
    await expect(kept).rejects.toThrow('PostgreSQL did not start: no TLS');
  });
});

describe('a port that the environment names', () => {
  test.each(['webPort', 'metricsPort'] as const)(
    '%s is refused where it is taken',
    async (name) => {
      const server = createServer();
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      const { port } = server.address() as AddressInfo;
      const config = {
        bind: '127.0.0.1',
        webPort: undefined,
        metricsBind: '127.0.0.1',
        metricsPort: undefined,
        [name]: port,
      };
      await expect(refuseTakenPorts(config, true)).rejects.toThrow(`=${port} is taken`);
      await new Promise((resolve) => server.close(resolve));
      await expect(refuseTakenPorts(config, true)).resolves.toBeUndefined();
    },
  );

  test('an address that the machine lacks is named', async () => {
    const [here, elsewhere] = ['127.0.0.1', '192.0.2.1'];
    const ports = { webPort: undefined, metricsPort: undefined };
    await expect(
      refuseTakenPorts({ ...ports, bind: elsewhere, metricsBind: here }, true),
    ).rejects.toThrow(/^BIND=192.0.2.1/);
    await expect(
      refuseTakenPorts({ ...ports, bind: here, metricsBind: elsewhere }, true),
    ).rejects.toThrow('METRICS_BIND=192.0.2.1');
  });
});

test.each(['', '{"password":', 'null', '[]', '{}', '"x"', '\0\0\0'])(
  'settings damaged to %j are not made anew',
  (text) => {
    const file = join(folder, 'postgresql.json');
    writeFileSync(file, text);
    expect(() => readSettings(file, () => ({ password: 'new' }))).toThrow(file);
  },
);
