import { describe, expect, test } from '@jest/globals';
import { runText, type TextParts } from '../../../producers/intake/run-text.ts';
import { instant } from '../../../shared/domain/time.ts';
import { until } from '../../support/until.ts';
import type { UserCommands } from '../../../shared/messages/command-message.ts';

const NOW = 1_000_000;

function partsThatAccept(): TextParts & { readonly sent: UserCommands[] } {
  const sent: UserCommands[] = [];
  const claims = new Map<string, Awaited<ReturnType<TextParts['claim']>>>();
  let next = 1_000_000_001;
  return {
    sent,
    clock: { observe: () => undefined, now: () => instant(NOW) },
    claim: ({ stream, bodyHash, draw }) => {
      const numbers = Array.from({ length: draw }, () => next++);
      const claimed = claims.get(stream) ?? { stream: `${stream}@1`, bodyHash, numbers };
      claims.set(stream, claimed);
      return Promise.resolve(claimed);
    },
    ask: (message) => {
      sent.push(message);
      const { user, stream, position } = message;
      const outcomes = message.commands.map(() => ({ is: 'accepted' as const }));
      return Promise.resolve({ id: 'any', user, stream, position, outcomes });
    },
  };
}

const run = (text: string): { body: Buffer; stream: string; again: boolean } => ({
  body: Buffer.from(text),
  stream: 'intake:some-id',
  again: false,
});

describe('lines published by hand', () => {
  test('a line without a number gets one, and a deadline', async () => {
    const parts = partsThatAccept();
    await runText(run('ADD,alice,100.00'), parts);
    expect(parts.sent).toMatchObject([
      {
        user: 'alice',
        stream: 'intake:some-id@1',
        position: 1,
        deadline: NOW + 10_000,
        commands: [{ number: 1_000_000_001, command: { type: 'ADD' } }],
      },
    ]);
  });

  test('lines of a file keep their numbers and have no deadline', async () => {
    const parts = partsThatAccept();
    await runText(run('[7] ADD,alice,1.00\r\n[9] ADD,bob,2.00\n'), parts);
    expect(parts.sent.map(({ user, commands }) => [user, commands[0]?.number])).toEqual([
      ['alice', 7],
      ['bob', 9],
    ]);
    expect(parts.sent.some((message) => 'deadline' in message)).toBe(false);
  });

  test('each outcome names its line, in any order of the users’ answers', async () => {
    const text = 'ADD,alice,1.00\n\nADD,bob,1.00\nADD,alice,2.00';
    const report = await runText(run(text), partsThatAccept());
    expect(report.render()).toMatchObject({
      accepted: 3,
      outcomes: [
        { line: 1, user: 'alice', is: 'accepted' },
        { line: 3, user: 'bob' },
        { line: 4, user: 'alice' },
      ],
    });
  });

  test('a line that is no command is reported with its reason, and the others run', async () => {
    const report = await runText(run('HELLO,alice\nADD,bob,1.00'), partsThatAccept());
    expect(report.render()).toMatchObject({ accepted: 1, unreadable: 1 });
    expect(report.faults).toEqual([expect.stringMatching(/^line 1: .*unknown command.*expected/)]);
  });

  test('a command with a bad field is sent, to be audited as rejected, and is a fault', async () => {
    const parts = partsThatAccept();
    const report = await runText(run('ADD,alice,-5'), parts);
    expect(parts.sent).toMatchObject([{ commands: [{ command: { type: 'UNREADABLE' } }] }]);
    expect(report.faults).toEqual([expect.stringMatching(/^line 1: .*"-5" is not an amount/)]);
    expect(report.render()).toMatchObject({ accepted: 1, unreadable: 0 });
  });

  test('a dump goes out after everything before it is answered', async () => {
    const parts = partsThatAccept();
    await runText(run('ADD,alice,1.00\nDUMPLOG,out.xml\nADD,alice,2.00'), parts);
    expect(parts.sent.map(({ commands }) => commands[0]?.command.type)).toEqual([
      'ADD',
      'DUMPLOG',
      'ADD',
    ]);
  });

  test('another text under the same id is refused before any of its lines is sent', async () => {
    const parts = partsThatAccept();
    await runText(run('ADD,alice,1.00'), parts);
    const report = await runText(run('ADD,alice,1.00\nADD,alice,2.00\nHELLO'), parts);
    expect(parts.sent).toHaveLength(1);
    const refused = { is: 'rejected', reason: 'key-reused', user: 'alice', command: 'ADD' };
    expect(report.render()).toMatchObject({
      refused: expect.stringContaining('some-id was used for other lines'),
      rejected: 2,
      outcomes: [
        { line: 1, ...refused },
        { line: 2, ...refused },
        { line: 3, is: 'unreadable' },
      ],
    });
    expect(JSON.stringify(report.render())).not.toContain('"number"');
  });

  test('the same text under the same id is sent again with the numbers of the first time', async () => {
    const parts = partsThatAccept();
    await runText(run('ADD,alice,1.00'), parts);
    await runText(run('ADD,alice,1.00'), parts);
    const [first, again] = parts.sent;
    expect(again).toEqual({ ...first, deadline: again?.deadline });
  });

  test('of very many outcomes the first are listed and the rest counted', async () => {
    const text = Array.from({ length: 1_500 }, () => 'ADD,alice,1.00').join('\n');
    const report = await runText(run(text), partsThatAccept());
    expect(report.render()).toMatchObject({ accepted: 1_500, omitted: 500 });
  });

  test('a text of many lines lets the event loop run', async () => {
    const lines = Array.from({ length: 60_000 }, (_, index) => `[${index + 1}] ADD,ann,1.00`);
    let turns = 0;
    const counter = setInterval(() => (turns += 1), 0);
    const parts = partsThatAccept();
    await runText(run(lines.join('\n')), parts);
    clearInterval(counter);
    expect(parts.sent).toHaveLength(60_000 / 16);
    // At least one turn for each piece of bytes, each piece of lines and each 500 messages.
    expect(turns).toBeGreaterThan(10);
  });

  test('no more than 500 messages are on their way', async () => {
    const parts = partsThatAccept();
    const answers: (() => void)[] = [];
    const { ask } = parts;
    const lines = Array.from({ length: 10_000 }, (_, index) => `[${index + 1}] ADD,ann,1.00`);
    const report = runText(run(lines.join('\n')), {
      ...parts,
      ask: async (message) => {
        const answer = await ask(message);
        await new Promise<void>((resolve) => void answers.push(resolve));
        return answer;
      },
    });
    await until(() => answers.length === 500, { what: 'it waits for answers' });
    while (parts.sent.length < 10_000 / 16 || answers.length > 0) {
      expect(answers.length).toBeLessThanOrEqual(500);
      answers.shift()?.();
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect((await report).summary()).toMatchObject({ accepted: 10_000 });
  });
});
