/** Starts on given services that refuse, are late or fail, and interrupts starts. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { pipeline } from 'node:stream';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { findSystem } from '../../../shared/control/control-client.ts';
import { findState } from '../../../infra/supervisor/find-state.ts';
import { openPool } from '../../../shared/pg/pool.ts';
import { NO_EDGES } from '../../support/one-each.ts';
import { recordingLogger } from '../../support/recording-logger.ts';
import { runDaytrade, type Ran } from '../../support/run-daytrade.ts';
import { spawnDaytrade, type Spawned } from '../../support/spawn-daytrade.ts';
import { openTestBroker, type TestBroker } from '../../support/test-broker.ts';
import { openTestDatabase, type TestDatabase } from '../../support/test-database.ts';
import { testManagementUrl } from '../../support/test-services.ts';
import { until } from '../../support/until.ts';

/** Many processes start, each with a core of its own at best. */
const LONG_MS = 300_000;
const START_MAX_MS = 240_000;

let home: string;
let broker: TestBroker;
let database: TestDatabase;
let given: Record<string, string>;

beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), 'daytrade start ü-'));
  [broker, database] = await Promise.all([openTestBroker(), openTestDatabase()]);
  given = {
    DAYTRADE_HOME: home,
    AMQP_URL: broker.url,
    AMQP_MANAGEMENT_URL: testManagementUrl(),
    DATABASE_URL: database.url,
    QUOTE_SERVER_FLAGS: '--fixed-prices --delay-ms 0',
    ...NO_EDGES,
  };
});
afterAll(async () => {
  await broker.close();
  await database.close();
  rmSync(home, { recursive: true, force: true });
});

/** Cleans up after each test, because leftovers of a failed test would fail the others. */
afterEach(async () => {
  if ((await findState(home)).is !== 'stopped') await daytrade(['down']);
}, LONG_MS);

const daytrade = (args: readonly string[], more: Record<string, string> = {}): Promise<Ran> =>
  runDaytrade(args, { ...given, ...more });

/** A database that refuses every connection with the message of a real one. */
async function openRefusing(answer: (startup: Buffer) => Buffer): Promise<Server> {
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.once('data', (startup: Buffer) => socket.end(answer(startup)));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}

function errorResponse(code: string, message: string): Buffer {
  const fields = Buffer.from(`SFATAL\0VFATAL\0C${code}\0M${message}\0\0`);
  const head = Buffer.from('E\0\0\0\0');
  head.writeInt32BE(fields.length + 4, 1);
  return Buffer.concat([head, fields]);
}

const urlOf = (server: Server, query = ''): string =>
  `postgresql://user:secret@127.0.0.1:${(server.address() as AddressInfo).port}/daytrade${query}`;

describe('an unsuitable given database', () => {
  test(
    'a pooler that refuses session options is recognised as one',
    async () => {
      const pooler = await openRefusing(() =>
        errorResponse('08P01', 'unsupported startup parameter: options'),
      );
      const { exitCode, said } = await daytrade(['up'], { DATABASE_URL: urlOf(pooler) });
      pooler.close();
      expect([exitCode, said]).toEqual([
        78,
        expect.stringContaining('give the address of PostgreSQL itself'),
      ]);
      expect(said).not.toContain('secret');
    },
    LONG_MS,
  );

  test(
    'a server without TLS is distinguished from one that is away',
    async () => {
      const url = `${database.url}?sslmode=require`;
      const { exitCode, said } = await daytrade(['up'], { DATABASE_URL: url });
      expect([exitCode, said]).toEqual([78, expect.stringContaining('The server has no TLS')]);
      expect(said).not.toMatch(/\n\s+at /);
    },
    LONG_MS,
  );
});

test(
  'the settings of libpq have no influence',
  async () => {
    const foreign = { PGSSLMODE: 'require', PGHOST: 'nowhere.invalid', PGOPTIONS: '-c nonsense=1' };
    const { exitCode, said } = await daytrade(['verify'], foreign);
    expect([exitCode, said]).toEqual([0, expect.any(String)]);
  },
  LONG_MS,
);

test(
  'a database that refuses at first is waited for; the system then stops when the last command is done',
  async () => {
    const late = createServer((client: Socket) => {
      const { hostname, port } = new URL(database.url);
      const server = connect(Number(port), hostname);
      // Ends both when either does, also by a reset: a process that was killed resets its connection.
      pipeline(client, server, client, () => undefined);
    });
    await new Promise<void>((resolve) => late.listen(0, '127.0.0.1', resolve));
    const { port } = late.address() as AddressInfo;
    await new Promise((resolve) => late.close(resolve));
    const url = new URL(database.url);
    url.port = port.toString();
    const up = spawnDaytrade(['up'], { ...given, DATABASE_URL: url.href });
    await up.until('Waiting up to 30 s for DATABASE_URL');
    expect((await findState(home)).is).toBe('starting');
    late.listen(port, '127.0.0.1');
    await until(() => findSystem(home), { what: 'the system is up', timeoutMs: START_MAX_MS });
    try {
      await stopsWithTheLast(up);
    } finally {
      await new Promise((resolve) => late.close(resolve));
    }
  },
  LONG_MS,
);

test(
  'a waiting start ends when it is interrupted',
  async () => {
    const nobody = 'postgresql://user:secret@127.0.0.1:1/daytrade';
    const up = spawnDaytrade(['up'], { ...given, DATABASE_URL: nobody });
    await up.until('Waiting up to 30 s for DATABASE_URL');
    const { exitCode } = await daytrade(['down']);
    expect([exitCode, await up.ended]).toEqual([0, 130]);
    expect((await findState(home)).is).toBe('stopped');
  },
  LONG_MS,
);

test(
  'a start that waits for a lock names its holder, and ends when it is interrupted',
  async () => {
    await daytrade(['verify']);
    const options = { url: database.url, name: 'a report', size: 1, log: recordingLogger() };
    const pool = openPool(options);
    const holder = await pool.connect();
    try {
      await holder.query('SET idle_in_transaction_session_timeout = 0');
      await holder.query('BEGIN; LOCK TABLE daytrade.migrations IN ACCESS EXCLUSIVE MODE');
      const up = spawnDaytrade(['up'], given);
      await up.until('Waiting for the database … (a lock is held by a report (PostgreSQL process');
      up.kill('SIGTERM');
      expect(await up.ended).toBe(130);
    } finally {
      holder.release(true);
      await pool.end();
    }
  },
  LONG_MS,
);

test(
  'a process that cannot start ends the start, which names it and the last line of its log',
  async () => {
    const file = join(home, 'no-certificate.pem');
    writeFileSync(file, 'no certificate');
    const { exitCode, said } = await daytrade(['up'], {
      WEB_PROCESSES: '1',
      TLS_CERT: file,
      TLS_KEY: file,
    });
    expect(exitCode).not.toBe(0);
    expect(said).toMatch(/web-1 did not start[^]*The last line of its log/);
    const status = await daytrade(['status']);
    expect(status.said).toMatch(/Its last start failed[^]*web-1 did not start/);
    await daytrade(['down']);
    expect(await findState(home)).toEqual({ is: 'stopped', failure: undefined });
  },
  LONG_MS,
);

test(
  'a system whose addresses cannot be written ends, and says which file that is',
  async () => {
    const addresses = join(home, 'addresses');
    rmSync(addresses, { recursive: true, force: true });
    mkdirSync(join(addresses, 'not ours'), { recursive: true });
    const { exitCode, said } = await daytrade(['up']);
    expect([exitCode, said]).toEqual([1, expect.stringContaining(`${addresses}: `)]);
    expect((await findState(home)).is).toBe('stopped');
    rmSync(addresses, { recursive: true });
  },
  LONG_MS,
);

/** Tests the commands that use a system: one whose system is gone says so and ends. */
async function stopsWithTheLast(up: Spawned): Promise<void> {
  const file = join(home, 'two.workload');
  const lines = Array.from(
    { length: 500 },
    (_, index) => `[${index + 1}] ADD,user${index % 7},1.00`,
  );
  writeFileSync(file, lines.join('\n'));
  const publishing = spawnDaytrade(['publish', file, '--rate', '5'], given);
  await publishing.until('500 commands');
  up.kill('SIGINT');
  await up.until('Waiting for 1 other command');
  up.kill('SIGKILL');
  expect(await publishing.ended).toBe(1);
  expect(publishing.said()).toMatch(/process \d+\) that this command used is gone/);
  expect(publishing.said()).toContain('This goes on from there');
}
