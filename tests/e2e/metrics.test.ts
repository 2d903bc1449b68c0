/**
 * Prometheus finds all series of a system without a terminal from the one address that an operator knows.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { TargetGroup } from '../../infra/supervisor/system-metrics.ts';
import { processesOf, usersFor, usersIn } from '../support/process-secrets.ts';
import { describeTracing } from './metrics-tracing.ts';
import { describeUnattended, notifying } from './operations/unattended.ts';
import { openTestSystem, type TestSystem } from '../support/test-system.ts';
import { until } from '../support/until.ts';

const LINES = [
  'ADD,alice,1000000.00',
  'BUY,alice,ABC,900000.00',
  'COMMIT_BUY,alice',
  'COMMIT_BUY,alice',
  'SET_SELL_AMOUNT,alice,ABC,0.10',
];

/** Stands for an address that other machines can reach. Metrics are not bound to it by default. */
const OUTSIDE = '127.0.0.2';

let system: TestSystem;
let notified: string;

const get = async (path: string): Promise<Response> =>
  await fetch(new URL(path, (await system.info()).metricsUrl));

/** Returns the texts of all targets that the supervisor names. */
async function scrape(): Promise<string> {
  const groups = (await (await get('/targets')).json()) as readonly TargetGroup[];
  const addresses = groups.flatMap(({ targets }) => targets);
  const texts = addresses.map(async (to) => (await fetch(`http://${to}/metrics`)).text());
  return (await Promise.all(texts)).join('\n');
}

/** Returns the sum of the series whose labels match. */
const sumOf = (text: string, name: string, labels = ''): number =>
  [...text.matchAll(new RegExp(`^${name}\\{(.*)\\} (\\S+)$`, 'gm'))]
    .filter(([, found = '']) => found.includes(labels))
    .reduce((sum, [, , value]) => sum + Number(value), 0);

/** All processes but the stand-in of the legacy quote server, which is not part of the system. */
const ownProcesses = async (): Promise<readonly string[]> =>
  (await system.info()).processes
    .map(({ name }) => name)
    .filter((name) => name !== 'quote-server')
    .sort();

beforeAll(async () => {
  notified = mkdtempSync(join(tmpdir(), 'daytrade-notified-'));
  system = await openTestSystem({ BIND: OUTSIDE, TRACES: 'file', ...notifying(notified) });
  const file = join(system.home, 'lines.txt');
  writeFileSync(file, LINES.map((line, index) => `[${index + 1}] ${line}\n`).join(''));
  expect(await system.daytrade(['workload', file])).toMatchObject({ exitCode: 0 });
});
afterAll(async () => {
  await system.close();
  rmSync(notified, { recursive: true, force: true });
});

// None of its processes has been killed yet.
describeUnattended(
  () => system,
  () => notified,
);

describe('the metrics of a running system', () => {
  test('each process is a target, and the supervisor', async () => {
    const text = await scrape();
    const processes = new Set([...text.matchAll(/process="([^"]+)"/g)].map(([, name]) => name));
    expect([...processes].sort()).toEqual(await ownProcesses());
  });

  test('commands are counted by kind and outcome', async () => {
    const text = await scrape();
    const of = (labels: string): number => sumOf(text, 'daytrade_commands_total', labels);
    expect(of('command="ADD",outcome="accepted"')).toBe(1);
    expect(of('command="COMMIT_BUY",outcome="accepted"')).toBe(1);
    expect(of('command="COMMIT_BUY",outcome="rejected"')).toBe(1);
    expect(sumOf(text, 'daytrade_rejections_total', 'reason="no-pending-buy"')).toBe(1);
    expect(sumOf(text, 'daytrade_batch_commands_sum')).toBe(LINES.length);
    expect(sumOf(text, 'daytrade_batch_seconds_count')).toBeGreaterThan(0);
  });

  test('a hit is counted once, as is the look-up on each level', async () => {
    const text = await scrape();
    expect(sumOf(text, 'daytrade_quote_hits_total')).toBe(1);
    const lookUps = (labels: string): number => sumOf(text, 'daytrade_quote_lookups_total', labels);
    expect(lookUps('level="1"')).toBe(1);
    expect(lookUps('level="1",result="miss"')).toBe(1);
    expect(lookUps('level="2",result="miss"')).toBe(1);
    expect(lookUps('level="3",result="miss"')).toBe(1);
  });

  test('an armed trigger is counted', async () => {
    expect(sumOf(await scrape(), 'daytrade_triggers_armed')).toBe(0);
    await system.daytrade(['send', 'SET_SELL_TRIGGER,alice,ABC,0.01']);
    const text = await until(
      async () => {
        const now = await scrape();
        return sumOf(now, 'daytrade_triggers_fired_total') === 1 && now;
      },
      { what: 'the trigger has fired' },
    );
    expect(sumOf(text, 'daytrade_triggers_armed')).toBe(0);
  });

  test('the audit log is not behind once everything is stored', async () => {
    await until(async () => sumOf(await scrape(), 'daytrade_audit_lag_messages') === 0, {
      what: 'the audit lag is 0',
    });
    const text = await scrape();
    expect(sumOf(text, 'daytrade_audit_messages_total')).toBeGreaterThan(0);
    expect(sumOf(text, 'daytrade_outbox_age_seconds')).toBe(0);
  });

  test('event-loop lag and memory are there for every process', async () => {
    const text = await scrape();
    const { length } = await ownProcesses();
    expect(text.match(/^nodejs_eventloop_lag_p99_seconds\{/gm)).toHaveLength(length);
    expect(text.match(/^process_resident_memory_bytes\{/gm)).toHaveLength(length);
  });

  test('the restart of a killed process is counted, and health reports it meanwhile', async () => {
    expect((await get('/health')).status).toBe(200);
    const { pid } = (await system.info()).processes.find(({ name }) => name === 'trigger-1') ?? {};
    if (pid === undefined) throw new Error('there is no trigger process');
    process.kill(pid, 'SIGKILL');
    await until(async () => (await get('/health')).status === 503, { what: 'health is bad' });
    await until(async () => (await get('/health')).status === 200, { what: 'health is good' });
    const text = await scrape();
    expect(sumOf(text, 'daytrade_process_restarts_total', 'name="trigger-1"')).toBe(1);
    expect(sumOf(text, 'daytrade_process_up', 'name="trigger-1"')).toBe(1);
  });

  test('a given broker is not scraped without its owner', async () => {
    expect(await (await get('/targets/rabbitmq')).json()).toEqual([]);
  });
});

describe('a system on given services, of which BIND shows the web to others', () => {
  test('serves no metrics at that address', async () => {
    const { metricsUrl, web } = await system.info();
    expect(web?.url).toContain(OUTSIDE);
    const groups = (await (await get('/targets')).json()) as readonly TargetGroup[];
    const ports = groups.flatMap(({ targets }) => targets.map((target) => target.split(':')[1]));
    expect(ports.length).toBeGreaterThan(5);
    for (const port of [...ports, new URL(metricsUrl).port]) {
      const asked = fetch(`http://${OUTSIDE}:${port ?? ''}/metrics`);
      await expect(asked).rejects.toMatchObject({ cause: { code: 'ECONNREFUSED' } });
    }
  });

  test('gives the URLs of the owner to no process but the supervisor', async () => {
    const children = new Set((await system.info()).processes.map(({ name }) => name));
    const found = (await processesOf(system.home)).filter(({ name }) => children.has(name));
    expect(found).toHaveLength(children.size);
    const owner = new URL(system.databaseUrl).username;
    for (const each of found) {
      // It got them from the process that started it, and makes the users of the others.
      const users = each.name === 'supervisor' ? [owner] : usersFor(each.name, owner);
      expect([each.name, usersIn(each)]).toEqual([each.name, users]);
    }
  });
});

describeTracing(() => system);
