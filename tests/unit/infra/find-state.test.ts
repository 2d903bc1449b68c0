import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { judgeState, judgeTrouble } from '../../../infra/cli/doctor.ts';
import { identityOf } from '../../../infra/host/process-identity.ts';
import { findSystem } from '../../../shared/control/control-client.ts';
import {
  openControl,
  type Control,
  type Served,
} from '../../../infra/supervisor/control-server.ts';
import type { SystemInfo } from '../../../shared/control/system-info.ts';
import { tryLockDataFolder } from '../../../infra/supervisor/data-folder-lock.ts';
import { describeState, findState } from '../../../infra/supervisor/find-state.ts';
import { removeStartFailure, writeStartFailure } from '../../../infra/supervisor/start-failure.ts';

let home: string;
let control: Control | undefined;
let stops = 0;

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'daytrade-state-'));
  stops = 0;
});
afterEach(() => {
  control?.close();
  control = undefined;
  rmSync(home, { recursive: true, force: true });
});

const open = async (): Promise<Control> =>
  (control = await openControl({ home, onStop: () => (stops += 1) }));

const refuse = (): Promise<void> => Promise.reject(new Error('not in this test'));
const SERVED: Served = {
  info: () => ({ pid: process.pid }) as SystemInfo,
  actions: { setPoolSize: refuse, setScaling: refuse, restart: refuse, setLogLevel: refuse },
  operations: () => {
    throw new Error('not in this test');
  },
};

describe('a system', () => {
  test('that starts is seen, can be stopped, and cannot be used', async () => {
    await open();
    expect(await findSystem(home)).toBeUndefined();
    const state = await findState(home);
    expect(describeState(state, home)).toContain(`is starting (process ${process.pid})`);
    if (state.is === 'starting') await state.stop();
    expect(stops).toBe(1);
  });

  test('that runs can be used until it stops', async () => {
    const { serve, refuse: refuseUse } = await open();
    serve(SERVED);
    expect((await findSystem(home))?.info.pid).toBe(process.pid);
    refuseUse();
    expect(await findState(home)).toMatchObject({ is: 'stopping' });
  });

  test('that is used knows its users, and tells them when it is gone', async () => {
    const { serve, leases, close } = await open();
    serve(SERVED);
    const system = await findSystem(home);
    const [one, other] = [await system?.lease(), await system?.lease()];
    expect(leases()).toBe(2);
    one?.release();
    let isLost = false;
    void one?.lost.then(() => (isLost = true));
    expect(await system?.stop()).toBeGreaterThanOrEqual(1);
    close();
    await other?.lost;
    expect(isLost).toBe(false);
  });

  test('that refuses to stop says so', async () => {
    const server = createServer(({ method }, response) => {
      if (method === 'GET') response.end(JSON.stringify({ pid: process.pid }));
      else response.writeHead(503).end('it is busy');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const address = { url: `http://127.0.0.1:${port}`, token: '', pid: process.pid };
    writeFileSync(join(home, 'system.json'), JSON.stringify(address));
    const system = await findSystem(home);
    await expect(system?.stop()).rejects.toThrow('The system refused to stop: 503 it is busy');
    server.close();
  });

  test('that was killed is recognised by its leftovers', async () => {
    const left = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], {
      stdio: 'ignore',
    });
    try {
      writeFileSync(join(home, 'rabbitmq.pid'), JSON.stringify(identityOf(left.pid ?? 0)));
      const state = await findState(home);
      expect(describeState(state, home)).toContain(`rabbitmq (process ${left.pid})`);
      expect(judgeState(state, home)).toMatchObject({
        is: 'bad',
        advice: expect.stringMatching(/ down$/),
      });
    } finally {
      left.kill('SIGKILL');
    }
  });

  test('that does not answer is distinguished from a command that works on the data', async () => {
    const release = tryLockDataFolder(home);
    expect(await findState(home)).toEqual({ is: 'in-use', pid: process.pid });
    const gone = { url: 'http://127.0.0.1:1', token: '', pid: process.pid };
    writeFileSync(join(home, 'system.json'), JSON.stringify(gone));
    expect(await findState(home)).toEqual({ is: 'silent', pid: process.pid });
    release?.();
  });

  test('whose start failed says when and why', async () => {
    writeStartFailure(home, new Error('web-1 did not start'));
    const state = await findState(home);
    expect(describeState(state, home)).toMatch(/No system is running.*\n.*web-1 did not start/);
    expect(judgeState(state, home)).toMatchObject({
      is: 'doubtful',
      advice: 'web-1 did not start',
    });
  });

  test.each(['', '{"url":', 'null', '[]', '{}', '7', '\0\0', 'a folder'])(
    'whose files are damaged (%j) is told from one that runs',
    async (text) => {
      for (const name of ['system.json', 'start-failed.json', 'postgresql.pid']) {
        if (text === 'a folder') mkdirSync(join(home, name));
        else writeFileSync(join(home, name), text);
      }
      expect(await findState(home)).toEqual({ is: 'stopped', failure: undefined });
      expect(await findSystem(home)).toBeUndefined();
      removeStartFailure(home);
    },
  );

  test('that cannot work is bad, with what mends it', () => {
    const trouble = {
      service: 'broker',
      kind: 'away',
      since: '',
      what: 'No broker.',
      remedy: 'Start it.',
    } as const;
    expect(judgeTrouble(trouble)).toEqual({
      what: 'broker',
      is: 'bad',
      found: 'No broker.',
      advice: 'Start it.',
    });
  });

  test('of another user is left to that user', () => {
    expect(describeState({ is: 'foreign', owner: 'daytrade' }, home)).toContain(
      'belongs to the user daytrade',
    );
  });
});
