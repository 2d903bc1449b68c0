/** Changes the number of shards between two halves of a workload, and while commands wait. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openPacker } from '../../../producers/workload/packer.ts';
import { readWorkload } from '../../../producers/workload/read-workload.ts';
import { openManagement } from '../../../shared/amqp/management.ts';
import type { AuditEvent } from '../../model/audit-xml.ts';
import { commandNumbersIn } from '../../model/read-log.ts';
import { NO_EDGES } from '../../support/one-each.ts';
import { succeeded } from '../../support/run-daytrade.ts';
import { unlikeModel } from '../../support/unlike-model.ts';
import { openRequester } from '../../support/requester.ts';
import { testManagementUrl } from '../../support/test-services.ts';
import { openTestSystem, type TestSystem } from '../../support/test-system.ts';
import { readEvents, ROOT } from '../workloads-run.ts';
import { OWN_COMMAND } from '../../../shared/runtime/own-command.ts';

const BEFORE = 16;
const AFTER = 3;

const lines = readFileSync(join(ROOT, 'workloads/sample.workload'), 'utf8').trimEnd().split('\n');
const part = (from: number, to: number): string => `${lines.slice(from, to).join('\n')}\n`;

let system: TestSystem;

beforeAll(async () => {
  // Nothing expires while a test machine is slow.
  system = await openTestSystem({
    ...NO_EDGES,
    ORDER_LIFETIME_S: '3600',
    QUOTE_LIFETIME_S: '3600',
  });
}, 240_000);

afterAll(async () => {
  await system.close();
}, 240_000);

async function run(...args: readonly string[]): Promise<string> {
  const { said, output } = await succeeded(args, system.daytrade(args));
  return said + output;
}

function fileOf(name: string, text: string): string {
  const path = join(system.home, name);
  writeFileSync(path, text);
  return path;
}

/** What somebody sent to a broker whose system is down: it waits in the queues of its shards. */
async function leaveWaiting(text: string): Promise<void> {
  const requester = await openRequester(system.amqpUrl, BEFORE);
  const packer = openPacker({ stream: 'waiting', size: 4, done: new Map() });
  for await (const read of readWorkload(fileOf('waiting', text), { number: false })) {
    for (const { line } of read) {
      if (line.type === 'unreadable') continue;
      const full = packer.add(line.user, { number: line.number, command: line.command });
      if (full !== undefined) await requester.publish(full);
    }
  }
  for (const message of packer.flush()) await requester.publish(message);
  await requester.close();
}

async function loggedEvents(): Promise<readonly AuditEvent[]> {
  const path = join(system.home, 'log.xml');
  await run('dump', path);
  return await readEvents(path);
}

async function differences(text: string): Promise<string> {
  const accounts = (await system.daytrade(['accounts'])).output.split('\n');
  return await unlikeModel(system, fileOf('so-far', text), accounts);
}

async function shardsOnBroker(): Promise<readonly string[]> {
  const found = (await openManagement(testManagementUrl()).ask('GET', [
    'queues',
    system.virtualHost,
  ])) as readonly { readonly name: string }[];
  return found
    .map(({ name }) => name)
    .filter((name) => name.startsWith('commands.shard.'))
    .toSorted();
}

test('a running system is not resharded', async () => {
  await run('publish', fileOf('first', part(0, 800)));
  const { exitCode, said } = await system.daytrade(['reshard', AFTER.toString()]);
  expect([exitCode, said]).toEqual([64, expect.stringContaining(`${OWN_COMMAND} down`)]);
}, 240_000);

test('what waits is done, and the queues that are too many are gone', async () => {
  await run('down');
  await leaveWaiting(part(800, 1_200));
  expect(await run('reshard', AFTER.toString())).toContain('has 3 shards; it had 16');
  expect(await differences(part(0, 1_200))).toBe('');
  expect(await shardsOnBroker()).toEqual([0, 1, 2].map((shard) => `commands.shard.0${shard}`));
}, 240_000);

test('it goes on in the new number of shards, accounts and order as if there had been one', async () => {
  await system.start();
  expect((await system.info()).shards).toBe(AFTER);
  await run('publish', fileOf('second', part(1_200, lines.length)));
  await run('verify', '--drained');
  expect(await differences(part(0, lines.length))).toBe('');
  const events = await loggedEvents();
  for (const user of new Set(events.flatMap(({ fields }) => fields.get('username') ?? []))) {
    const numbers = commandNumbersIn(events, user);
    expect(numbers).toEqual(numbers.toSorted((one, other) => one - other));
  }
}, 240_000);

test('an environment that says another number is refused with what to do', async () => {
  await run('down');
  const { exitCode, said } = await system.daytrade(['up'], '', { SHARDS: BEFORE.toString() });
  expect([exitCode, said]).toEqual([78, expect.stringContaining(`${OWN_COMMAND} reshard 16`)]);
}, 240_000);
