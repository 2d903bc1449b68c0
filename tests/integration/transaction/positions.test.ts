/** Each command of a stream takes effect once and in order, even if its messages arrive twice or out of order. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { UserCommands } from '../../../shared/messages/command-message.ts';
import { Producer } from '../../support/run-commands.ts';
import { storedAudit, storedBalance } from '../../support/stored.ts';
import { ALL_SHARDS, openConsumers, type Consumers } from '../../support/consumer-system.ts';

let system: Consumers;

beforeAll(async () => {
  system = await openConsumers();
  const [transaction] = await Promise.all([system.start('transaction'), system.start('audit')]);
  transaction.assign(ALL_SHARDS);
});
afterAll(() => system.close());

const COMMANDS = 12;

/** Twelve commands of one user add 1.00, 2.00, 4.00 …, so that the sum shows which ones are done. */
function commandsOf(user: string): UserCommands {
  const producer = new Producer(`run:${user}`);
  const messages = Array.from({ length: COMMANDS }, (_, index) =>
    producer.message(`ADD,${user},${2 ** index}.00`),
  );
  const [first] = messages;
  if (first === undefined) throw new Error('there are no commands');
  return { ...first, commands: messages.flatMap(({ commands }) => commands) };
}

/** Makes one message of the commands at positions `from` to `to`. */
const slice = (whole: UserCommands, from: number, to: number): UserCommands => ({
  ...whole,
  position: from,
  commands: whole.commands.slice(from - 1, to),
});

const ALL_DONE = BigInt((2 ** COMMANDS - 1) * 100);
const ALL_NUMBERS = Array.from({ length: COMMANDS }, (_, index) => index + 1);

/** Resolves to the numbers of a user's `userCommand`s, in the order of the log. */
async function auditedNumbers(user: string): Promise<readonly number[]> {
  const audit = await storedAudit(system.pool);
  return audit
    .filter((event) => event.user === user && event.kind === 'userCommand')
    .map(({ number }) => number);
}

describe('the commands of a stream', () => {
  test('have one effect each if a message comes twice, and the second is answered too', async () => {
    const whole = commandsOf('twice');
    const first = await system.requester.ask(whole);
    const second = await system.requester.ask({ ...whole, again: true });
    expect(first.outcomes).toHaveLength(COMMANDS);
    expect(first.outcomes.every(({ is }) => is === 'accepted')).toBe(true);
    expect(second.outcomes.slice(0, -1).every(({ is }) => is === 'done')).toBe(true);
    expect(second.outcomes.at(-1)).toEqual(first.outcomes.at(-1));
    expect(await storedBalance(system.pool, 'twice')).toBe(ALL_DONE);
    expect(await auditedNumbers('twice')).toEqual(ALL_NUMBERS);
  });

  test('have one effect each if the same message comes twice at once', async () => {
    const whole = commandsOf('at-once');
    await Promise.all([system.requester.ask(whole), system.requester.ask(whole)]);
    expect(await storedBalance(system.pool, 'at-once')).toBe(ALL_DONE);
    expect(await auditedNumbers('at-once')).toEqual(ALL_NUMBERS);
  });

  test('wait if a message overtook the one before, and it is answered with the expected position', async () => {
    const whole = commandsOf('overtaken');
    const early = await system.requester.ask(slice(whole, 5, 8));
    expect(early).toMatchObject({ expected: 1, outcomes: [] });
    await system.requester.ask(slice(whole, 1, 4));
    const stillEarly = await system.requester.ask(slice(whole, 9, 12));
    expect(stillEarly).toMatchObject({ expected: 5, outcomes: [] });
    await system.requester.ask(slice(whole, 5, 8));
    await system.requester.ask(slice(whole, 9, 12));
    expect(await storedBalance(system.pool, 'overtaken')).toBe(ALL_DONE);
    expect(await auditedNumbers('overtaken')).toEqual(ALL_NUMBERS);
  });

  test('have one effect each if they are packed differently the second time', async () => {
    const whole = commandsOf('repacked');
    await system.requester.ask(slice(whole, 1, 7));
    const mixed = await system.requester.ask(slice(whole, 4, 10));
    // The last command still has its outcome; earlier ones are only known to be done.
    expect(mixed.outcomes.map(({ is }) => is)).toEqual([
      ...Array<string>(3).fill('done'),
      ...Array<string>(4).fill('accepted'),
    ]);
    await system.requester.ask(whole);
    expect(await storedBalance(system.pool, 'repacked')).toBe(ALL_DONE);
    expect(await auditedNumbers('repacked')).toEqual(ALL_NUMBERS);
  });

  test('of one key are decided once, under the number of the first, if they come at once', async () => {
    const keyed = (number: number): UserCommands => {
      const whole = slice(commandsOf('keyed-at-once'), 1, 1);
      const commands = whole.commands.map(({ command }) => ({ number, command }));
      const key = { owner: whole.user, name: 'at-once' };
      return { ...whole, commands, stream: `web:at-once@${number}`, bodyHash: 'one', key };
    };
    const answers = await Promise.all(
      [7, 8, 9].map((number) => system.requester.ask(keyed(number))),
    );
    const numbers = answers.flatMap(({ outcomes }) => outcomes.map(({ number }) => number));
    expect(numbers.toSorted()).toEqual([7, 7, undefined]);
    const other = await system.requester.ask({ ...keyed(10), bodyHash: 'other' });
    expect(other.outcomes).toMatchObject([{ is: 'rejected', reason: 'key-reused' }]);
    expect(await storedBalance(system.pool, 'keyed-at-once')).toBe(100n);
    expect(await auditedNumbers('keyed-at-once')).toEqual([7]);
  });

  test('of one key are not those of another body under the same key', async () => {
    const write = (bodyHash: string): UserCommands => ({
      ...slice(commandsOf('keyed'), 1, 1),
      bodyHash,
    });
    await system.requester.ask(write('one'));
    const refused = await system.requester.ask(write('other'));
    expect(refused.outcomes).toMatchObject([{ is: 'rejected', reason: 'key-reused' }]);
    expect(await storedBalance(system.pool, 'keyed')).toBe(100n);
  });
});
