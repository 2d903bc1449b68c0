/** Operates a running system by the command line. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadStatus, type Status } from '../../../infra/operations/load-status.ts';
import type { LogLine } from '../../../infra/host/log-lines.ts';
import { killEverything, terminateSupervisor } from '../../faults/kill-commands.ts';
import { openPool, type Pool } from '../../../shared/pg/pool.ts';
import { recordingLogger } from '../../support/recording-logger.ts';
import { packageRoot } from '../../../shared/runtime/package-root.ts';
import { openTestSystem, type TestSystem } from '../../support/test-system.ts';
import { until } from '../../support/until.ts';

const SHARDS = 4;

let system: TestSystem;
let pool: Pool;

beforeAll(async () => {
  system = await openTestSystem({
    SHARDS: SHARDS.toString(),
    TRANSACTION_PROCESSES: '2',
    TRIGGER_PROCESSES: '2',
    // Each process is started three times here; `tests/browser/upgrade.test.ts` restarts the web.
    WEB_PROCESSES: '0',
  });
  pool = openPool({ url: system.databaseUrl, name: 'test', size: 1, log: recordingLogger() });
}, 240_000);

afterAll(async () => {
  await pool.end();
  await system.close();
}, 240_000);

/** Enough commands for the time in which every process is restarted. */
const COMMANDS = 600;
const RATE = 45;

function paced(): string {
  const lines = readFileSync(join(packageRoot, 'workloads/sample.workload'), 'utf8').split('\n');
  const file = join(system.home, 'paced.workload');
  writeFileSync(file, `${lines.slice(0, COMMANDS).join('\n')}\n`);
  return file;
}

async function status(): Promise<Status> {
  const { exitCode, output, said } = await system.daytrade(['status', '--json']);
  if (exitCode !== 0) throw new Error(said);
  return JSON.parse(output) as Status;
}

/** Returns what `status` shows, without a process for each call. */
const look = async (): Promise<Status> => loadStatus(await system.info(), system.home, pool);

const pidsIn = ({ processes }: Status): ReadonlyMap<string, number | undefined> =>
  new Map(processes.map(({ name, pid }) => [name, pid]));

/** Whether each process holds half of the shards and is the standby of the others. */
function areAtHome({ shards = [] }: Status): boolean {
  const holders = shards.map(({ holder }) => holder).toSorted();
  return (
    holders.join() === 'transaction-1,transaction-1,transaction-2,transaction-2' &&
    shards.every(({ holder, standby }) => standby.length === 1 && standby[0] !== holder)
  );
}

describe('operating', () => {
  test('status shows the consumer and the standby of each shard', async () => {
    // Its processes have just started. Those that hold shards of others give them up a moment later.
    await until(async () => areAtHome(await look()), {
      what: 'every shard is at home and has a standby',
    });
    // On a busy machine, the broker may answer too late to be in `status`.
    await until(async () => areAtHome(await status()), { what: '`status` tells it too' });
  }, 240_000);

  test('a pool is scaled, and its processes share the shards', async () => {
    const { exitCode } = await system.daytrade(['scale', 'transaction=1']);
    expect(exitCode).toBe(0);
    const found = await until(
      async () => {
        const { shards, processes } = await look();
        const holders = new Set(shards?.map(({ holder }) => holder));
        return holders.size === 1 && holders.has('transaction-1') && processes;
      },
      { what: 'one process has all shards' },
    );
    expect(found.map(({ name }) => name)).not.toContain('transaction-2');
    await system.daytrade(['scale', 'transaction=2']);
  }, 240_000);

  test('an impossible size is refused with the possible ones', async () => {
    const { exitCode, said } = await system.daytrade(['scale', 'transaction=400']);
    expect([exitCode, said]).toEqual([64, expect.stringContaining('1 to 32')]);
  });

  test('a pool follows its work, and status says so', async () => {
    await system.daytrade(['scale', 'trigger=auto:1-1']);
    await until(
      async () => {
        const { scaling } = await look();
        return scaling.some(({ changes }) => changes.length > 0);
      },
      { what: 'the pool comes into its range' },
    );
    expect((await status()).scaling).toMatchObject([
      { pool: 'trigger', changes: [{ from: 2, to: 1, reason: 'the range is 1 to 1' }] },
    ]);
  }, 240_000);

  test('a log level is changed while the processes run, and survives a restart', async () => {
    await system.daytrade(['log-level', 'debug']);
    await system.daytrade(['rolling-restart', 'transaction-1', 'transaction-2']);
    await system.daytrade(['send', 'ADD,debugged,1.00']);
    const line = /debug +transaction-\d +message decided .*user=debugged/;
    await until(
      async () =>
        line.test((await system.daytrade(['logs', 'transaction', '--of', 'debugged'])).output),
      { what: 'the command is in the log' },
    );
    await system.daytrade(['log-level', 'info']);
  }, 240_000);

  test('an unknown log is refused with the list of known ones', async () => {
    const { exitCode, said } = await system.daytrade(['logs', 'nobody']);
    expect([exitCode, said]).toEqual([64, expect.stringContaining('audit-1')]);
  });

  test('accounts are those of a past time, and verify checks it', async () => {
    await system.daytrade(['send', 'ADD,past,1.00']);
    const { rows } = await pool.query<{ at: bigint }>(
      `SELECT max(at) AS at FROM ledger WHERE user_id = 'past'`,
    );
    const at = new Date(Number(rows[0]?.at)).toISOString();
    await system.daytrade(['send', 'ADD,past,2.00']);
    const { output } = await system.daytrade(['accounts', '--at', at]);
    expect(output).toContain('{"user":"past","balance":100,');
    const verified = await system.daytrade(['verify', '--at', at]);
    expect([verified.exitCode, verified.output]).toEqual([0, expect.stringContaining('hold')]);
    for (const [time, why] of [
      ['2001-02-03T04:05:06Z', 'before the first entry of the ledger, which is of 2'],
      ['2999-01-01T00:00:00Z', 'expected a past time with its zone'],
      ['noon', 'expected a past time with its zone'],
    ] as const) {
      const { exitCode, said } = await system.daytrade(['accounts', '--at', time]);
      expect([exitCode, said]).toEqual([64, expect.stringContaining(why)]);
    }
  }, 240_000);

  test('a reader of the feed is granted, listed and revoked', async () => {
    const granted = await system.daytrade(['feed', 'grant', 'board', '--keys', 'feed.past.*']);
    expect(granted.output).toMatch(/^amqp:\/\/\w+_feed_board:[\w-]{43}@/);
    expect(granted.said).toContain('board may read the stream feed.board (feed.past.*)');
    const listed = await system.daytrade(['feed', 'list', '--json']);
    expect(JSON.parse(listed.output)).toMatchObject([{ name: 'board', keys: 'feed.past.*' }]);
    expect((await system.daytrade(['feed', 'revoke', 'board'])).exitCode).toBe(0);
    for (const [args, exitCode, why] of [
      [['revoke', 'board'], 1, 'nobody reads the feed as board'],
      [['grant', 'Board'], 64, 'is no name of a reader'],
      [['grant', 'board', '--keys', 'alice'], 64, 'expected feed.USER.KIND'],
    ] as const) {
      const refused = await system.daytrade(['feed', ...args]);
      expect([refused.exitCode, refused.said]).toEqual([exitCode, expect.stringContaining(why)]);
    }
  }, 240_000);

  test('every process is restarted while a workload runs, and nothing is lost', async () => {
    const before = pidsIn(await status());
    const published = system.daytrade(['publish', paced(), '--rate', RATE.toString()]);
    const rolled = await system.daytrade(['rolling-restart']);
    const { exitCode, output } = await published;
    expect([rolled.exitCode, exitCode]).toEqual([0, 0]);
    expect(output).toMatch(/commands +600 in/);
    const { processes, ...after } = await status();
    const pools = processes.filter(({ name }) => /^(transaction|quote|audit|intake)-/.test(name));
    for (const { name, pid, restarts } of pools) {
      expect([name, pid === before.get(name), restarts]).toEqual([name, false, 0]);
    }
    // On a busy machine a service may answer a probe late; the restarts are not the cause.
    const isLate = ({ event, fields }: LogLine): boolean =>
      event === 'service lost' && String(fields['remedy']).includes('timeout expired');
    expect(after.errors.filter((error) => !isLate(error))).toEqual([]);
    const verified = await system.daytrade(['verify', '--drained']);
    expect([verified.exitCode, verified.output]).toEqual([0, expect.stringContaining('hold')]);
  }, 240_000);

  terminateSupervisor(() => system);
  killEverything(() => system);
});
