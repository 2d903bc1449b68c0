/** Several consumers share the shards, and each user's commands take effect in the order given. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { openPacker } from '../../../producers/workload/packer.ts';
import { openSender } from '../../../producers/workload/sender.ts';
import { openLink } from '../../../shared/amqp/link.ts';
import { ownQueuesOn } from '../../../shared/amqp/own-queue.ts';
import { openPublisher } from '../../../shared/amqp/publisher.ts';
import type { UserCommands } from '../../../shared/messages/command-message.ts';
import { parseCommandText } from '../../../shared/messages/command-text.ts';
import { SYSTEM_TIMERS } from '../../../shared/runtime/timers.ts';
import type { ConsumerProcess } from '../../support/consumer-process.ts';
import { recordingLogger } from '../../support/recording-logger.ts';
import { storedAudit, storedBalance } from '../../support/stored.ts';
import { openConsumers, SHARDS, type Consumers } from '../../support/consumer-system.ts';

const USERS = 24;
const ROUNDS = 40;

let system: Consumers;
let consumers: readonly ConsumerProcess[];

beforeAll(async () => {
  system = await openConsumers();
  const [one, other] = await Promise.all([
    system.start('transaction'),
    system.start('transaction'),
    system.start('audit'),
  ]);
  consumers = [one, other];
  assign(consumers);
});
afterAll(() => system.close());

/** Assigns the shards in turn, as the supervisor does. */
function assign(members: readonly ConsumerProcess[]): void {
  members.forEach((member, index) => {
    member.assign([...Array(SHARDS).keys()].filter((shard) => shard % members.length === index));
  });
}

const userNames = Array.from({ length: USERS }, (_, index) => `user-${index}`);

/** Sets and cancels a reserve repeatedly, so that a command in the wrong place is rejected. */
function linesOf(user: string): readonly string[] {
  const round = [`SET_BUY_AMOUNT,${user},ABC,60.00`, `CANCEL_SET_BUY,${user},ABC`];
  return [`ADD,${user},100.00`, ...Array.from({ length: ROUNDS }, () => round).flat()];
}

/** Packs by five the lines of all users in turn, as a workload file has them. */
function messagesOfAll(): readonly UserCommands[] {
  const packer = openPacker({ stream: 'run:order', size: 5, done: new Map() });
  const all = userNames.map(linesOf);
  const packed: UserCommands[] = [];
  let number = 0;
  for (let at = 0; at <= 2 * ROUNDS; at += 1) {
    for (const lines of all) {
      const parsed = parseCommandText(lines[at] ?? '');
      if (parsed.type !== 'command') throw new Error(`${lines[at] ?? ''} is no command`);
      number += 1;
      const full = packer.add(parsed.user, { number, command: parsed.command });
      if (full !== undefined) packed.push(full);
    }
  }
  return [...packed, ...packer.flush()];
}

/** Sends everything and waits for the answers. Runs `meanwhile` halfway. */
async function sendAll(
  messages: readonly UserCommands[],
  meanwhile: () => Promise<void>,
): Promise<void> {
  const log = recordingLogger();
  const { url } = system.broker;
  const publishing = await openLink({ url, name: 'test publishing', log });
  const consuming = await openLink({ url, name: 'test consuming', log });
  let answers = 0;
  let during: Promise<void> | undefined;
  const onAnswer = (): void => {
    answers += 1;
    if (answers > messages.length / 2) during ??= meanwhile();
  };
  const sender = await openSender({
    name: 'test',
    publisher: await openPublisher(publishing),
    openOwnQueue: ownQueuesOn(consuming),
    timers: SYSTEM_TIMERS,
    shardCount: SHARDS,
    onAnswer,
    log,
  });
  for (const message of messages) await sender.send(message);
  await sender.answered();
  await during;
  await sender.close();
  await Promise.all([publishing.close(), consuming.close()]);
}

/** Kills one consumer. A new one starts and gets its shards. */
async function replaceFirst(): Promise<void> {
  const [victim, survivor] = consumers;
  await victim?.kill();
  const fresh = await system.start('transaction');
  if (survivor !== undefined) assign([fresh, survivor]);
}

test('order per user holds while one of several consumers dies and another takes over', async () => {
  await sendAll(messagesOfAll(), replaceFirst);

  const audit = await storedAudit(system.pool);
  expect(audit.filter(({ kind }) => kind === 'errorEvent')).toEqual([]);
  for (const user of userNames) {
    const numbers = audit
      .filter((event) => event.user === user && event.kind === 'userCommand')
      .map(({ number }) => number);
    expect(numbers).toHaveLength(2 * ROUNDS + 1);
    expect(numbers).toEqual(numbers.toSorted((left, right) => left - right));
    expect(await storedBalance(system.pool, user)).toBe(10_000n);
  }
  // Several consumers decided commands.
  const { rows } = await system.pool.query(`SELECT DISTINCT server FROM audit_events`);
  expect(rows.length).toBeGreaterThanOrEqual(2);
}, 240_000);
