/** Changes the number of shards of a stopped system while commands wait for it. */
import { expect, test } from '@jest/globals';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openPacker } from '../../../producers/workload/packer.ts';
import { readWorkload } from '../../../producers/workload/read-workload.ts';
import { openManagement } from '../../../shared/amqp/management.ts';
import { OWN_COMMAND } from '../../../shared/runtime/own-command.ts';
import { NO_EDGES } from '../../support/one-each.ts';
import { openRequester } from '../../support/requester.ts';
import { succeeded } from '../../support/run-daytrade.ts';
import { testManagementUrl } from '../../support/test-services.ts';
import type { TestSystem } from '../../support/test-system.ts';
import { unlikeModel } from '../../support/unlike-model.ts';
import { ROOT } from '../workloads-run.ts';

export const BEFORE = 16;
export const AFTER = 3;
export const TEST_MS = 240_000;
/** Long enough that no order expires on a slow machine. */
export const SETTINGS: Readonly<Record<string, string>> = {
  ...NO_EDGES,
  ORDER_LIFETIME_S: '3600',
  QUOTE_LIFETIME_S: '3600',
};

const sample = readFileSync(join(ROOT, 'workloads/sample.workload'), 'utf8').trimEnd().split('\n');

/** Returns lines of the sample, by default up to its end. */
export const part = (from: number, to?: number): string => `${sample.slice(from, to).join('\n')}\n`;

/** Resolves to the output of a command, which must succeed. */
export async function run({ daytrade }: TestSystem, ...args: readonly string[]): Promise<string> {
  const { said, output } = await succeeded(args, daytrade(args));
  return said + output;
}

export function fileOf({ home }: TestSystem, name: string, text: string): string {
  const path = join(home, name);
  writeFileSync(path, text);
  return path;
}

/** Resolves to the differences between the accounts and those of the model after the commands of the text. */
export async function differences(system: TestSystem, text: string): Promise<string> {
  const accounts = (await system.daytrade(['accounts'])).output.split('\n');
  return await unlikeModel(system, fileOf(system, 'so-far', text), accounts);
}

/** Publishes commands while the system is down, so that they wait in the queues of their shards. */
async function leaveWaiting(system: TestSystem, text: string): Promise<void> {
  const requester = await openRequester(system.amqpUrl, BEFORE);
  const packer = openPacker({ stream: 'waiting', size: 4, done: new Map() });
  for await (const read of readWorkload(fileOf(system, 'waiting', text), { number: false })) {
    for (const { line } of read) {
      if (line.type === 'unreadable') continue;
      const full = packer.add(line.user, { number: line.number, command: line.command });
      if (full !== undefined) await requester.publish(full);
    }
  }
  for (const message of packer.flush()) await requester.publish(message);
  await requester.close();
}

async function shardsOnBroker(system: TestSystem): Promise<readonly string[]> {
  const found = (await openManagement(testManagementUrl()).ask('GET', [
    'queues',
    system.virtualHost,
  ])) as readonly { readonly name: string }[];
  return found
    .map(({ name }) => name)
    .filter((name) => name.startsWith('commands.shard.'))
    .toSorted();
}

export async function expectNotResharded(system: TestSystem): Promise<void> {
  const { exitCode, said } = await system.daytrade(['reshard', AFTER.toString()]);
  expect([exitCode, said]).toEqual([64, expect.stringContaining(`${OWN_COMMAND} down`)]);
}

/** Adds a test in which the sample's commands before `from` are done, and those before `to` wait. */
export function reshardWaiting(system: () => TestSystem, from: number, to: number): void {
  test(
    'waiting commands are done, and the surplus queues are deleted',
    async () => {
      await leaveWaiting(system(), part(from, to));
      expect(await run(system(), 'reshard', AFTER.toString())).toContain('has 3 shards; it had 16');
      expect(await differences(system(), part(0, to))).toBe('');
      const left = [0, 1, 2].map((shard) => `commands.shard.0${shard}`);
      expect(await shardsOnBroker(system())).toEqual(left);
    },
    TEST_MS,
  );
}

/** Adds a test on a stopped system that was resharded. */
export function refuseOtherNumber(system: () => TestSystem): void {
  test(
    'an environment with another number is refused with the remedy',
    async () => {
      const { exitCode, said } = await system().daytrade(['up'], '', { SHARDS: BEFORE.toString() });
      expect([exitCode, said]).toEqual([78, expect.stringContaining(`${OWN_COMMAND} reshard 16`)]);
    },
    TEST_MS,
  );
}
