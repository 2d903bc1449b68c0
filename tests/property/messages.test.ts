/** Every message that a process writes, another reads as it was; and no bytes end a reader otherwise. */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { COMMAND_NAMES } from '../../shared/domain/command-catalogue.ts';
import type { UnreadableCommand } from '../../shared/domain/command.ts';
import { armingId, SYSTEM_USER } from '../../shared/domain/identity.ts';
import { AMOUNT_MAX, cents } from '../../shared/domain/money.ts';
import { instant } from '../../shared/domain/time.ts';
import {
  parseAnswerMessage,
  renderAnswerMessage,
  type Outcome,
} from '../../shared/messages/answer-message.ts';
import {
  AUDIT_COLUMNS,
  AUDIT_KINDS,
  renderAuditRows,
  type AuditEntry,
} from '../../shared/messages/audit-entry.ts';
import {
  parseCommandMessage,
  renderCommandMessage,
  type CommandMessage,
} from '../../shared/messages/command-message.ts';
import {
  parseQuoteChanged,
  parseQuoteReply,
  parseQuoteRequest,
  renderQuoteChanged,
  renderQuoteReply,
  renderQuoteRequest,
} from '../../shared/messages/quote-message.ts';
import { ContractError } from '../../shared/runtime/errors.ts';
import { anyCommand } from '../support/any-command.ts';
import { symbolOf, userOf } from '../support/quote-names.ts';

const RUNS = { numRuns: 1_000 };

const user = fc
  .oneof(fc.stringMatching(/^[A-Za-z0-9_.-]{1,8}$/), fc.constant('u'.repeat(64)))
  .map(userOf);
const symbol = fc.stringMatching(/^[A-Z]{1,3}$/).map(symbolOf);
const amount = fc.bigInt({ min: 1n, max: AMOUNT_MAX }).map(cents);
const number = fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER });
const text = fc.oneof(
  fc.string({ maxLength: 12 }),
  fc.constantFrom('é€𝄞', '\u2028', '__proto__', 'x'.repeat(5_000)),
);
/** What PostgreSQL can hold in no text. */
const unstorable = fc.constantFrom('\0', 'a\0b', '\ud800', '\udfff', '\udc00\ud800', 'x\ud83d');
const time = number.map(instant);
/** A field that may be absent. */
const optional = <Value>(name: string, value: fc.Arbitrary<Value>): fc.Arbitrary<object> =>
  fc.oneof(
    fc.constant({}),
    value.map((present) => ({ [name]: present })),
  );
const withOptional = <Value extends object>(
  value: fc.Arbitrary<Value>,
  ...fields: readonly fc.Arbitrary<object>[]
): fc.Arbitrary<Value> =>
  fc.tuple(value, ...fields).map(([first, ...rest]) => Object.assign({}, first, ...rest) as Value);

const command = anyCommand({ symbol, amount, price: amount, file: text });
const unreadable: fc.Arbitrary<UnreadableCommand> = withOptional(
  fc.record({
    type: fc.constant('UNREADABLE'),
    name: fc.constantFrom(...COMMAND_NAMES),
    reason: text,
  }),
  optional('user', text),
  optional('symbol', symbol),
  optional('amount', amount),
  optional('file', text),
);

const commands: fc.Arbitrary<CommandMessage> = withOptional(
  fc.record({
    type: fc.constant('commands'),
    user: fc.oneof({ weight: 9, arbitrary: user }, fc.constant(SYSTEM_USER)),
    stream: fc.oneof(fc.string({ minLength: 1, maxLength: 12 }), fc.constant('s'.repeat(200))),
    position: number,
    commands: fc.array(fc.record({ number, command: fc.oneof(command, unreadable) }), {
      minLength: 1,
      maxLength: 6,
    }),
    administrator: fc.boolean(),
    again: fc.boolean(),
  }),
  optional('deadline', time),
  optional('bodyHash', text),
);
const keyed: fc.Arbitrary<CommandMessage> = fc
  .tuple(commands, fc.record({ owner: user, name: text }))
  .map(([message, key]) =>
    message.type === 'firing'
      ? message
      : { ...message, position: 1, commands: message.commands.slice(0, 1), key },
  );
const firing: fc.Arbitrary<CommandMessage> = fc.record({
  type: fc.constant('firing'),
  user,
  firing: fc.record({
    type: fc.constant('FIRE_TRIGGER'),
    side: fc.constantFrom('buy', 'sell'),
    symbol,
    armingId: fc.uuid().map(armingId),
  }),
});

const quote = fc.record({ symbol, price: amount, receivedAt: time, causedBy: text });
const asker = withOptional(
  fc.record({ id: text, user, number }),
  optional('stream', text),
  optional('position', number),
);

const outcome: fc.Arbitrary<Outcome> = fc.oneof(
  withOptional(
    fc.record({ is: fc.constant('accepted') }),
    optional('answer', fc.dictionary(text, fc.oneof(text, number, fc.boolean()))),
    optional('number', number),
  ),
  withOptional(fc.record({ is: fc.constant('rejected'), reason: text }), optional('message', text)),
  fc.record({ is: fc.constant('done') }),
);
const answer = withOptional(
  fc.record({ id: text, user: text, stream: text, position: number, outcomes: fc.array(outcome) }),
  optional('expected', number),
);

/** As JSON sees it: `__proto__` as a key is a key, and no object has a prototype of its own. */
const plain = (value: unknown): unknown =>
  JSON.parse(
    JSON.stringify(value, (_, part: unknown) => (typeof part === 'bigint' ? `${part}n` : part)),
  );

describe('reading is the inverse of writing', () => {
  test('of command messages and firings', () => {
    fc.assert(
      fc.property(fc.oneof({ weight: 5, arbitrary: commands }, keyed, firing), (message) => {
        expect(parseCommandMessage(renderCommandMessage(message))).toEqual(message);
      }),
      RUNS,
    );
  });

  test('of quote requests, replies and changes', () => {
    fc.assert(
      fc.property(quote, asker, (given, asked) => {
        const request = { symbol: given.symbol, asker: asked };
        expect(parseQuoteRequest(renderQuoteRequest(request))).toEqual(request);
        expect(parseQuoteChanged(renderQuoteChanged(given))).toEqual(given);
        const replies = [
          { type: 'quote', quote: given },
          { type: 'unavailable', symbol: given.symbol },
        ] as const;
        for (const reply of replies) {
          expect(parseQuoteReply(renderQuoteReply(reply))).toEqual(reply);
        }
      }),
      RUNS,
    );
  });

  test('of answers', () => {
    fc.assert(
      fc.property(fc.record({ from: text, answers: fc.array(answer) }), (message) => {
        expect(plain(parseAnswerMessage(renderAnswerMessage(message)))).toEqual(plain(message));
      }),
      RUNS,
    );
  });

  test('of audit rows, as COPY reads them', () => {
    fc.assert(
      fc.property(fc.array(entry, { minLength: 1, maxLength: 5 }), (entries) => {
        const rows = readCopy(renderAuditRows(entries, '17'));
        expect(rows).toEqual(entries.map((each, index) => columnsOf(each, index)));
      }),
      RUNS,
    );
  });
});

const READERS = {
  parseCommandMessage,
  parseQuoteRequest,
  parseQuoteReply,
  parseQuoteChanged,
  parseAnswerMessage,
};

describe.each(Object.entries(READERS))('%s', (_name, parse) => {
  /** Well-formed messages with one part replaced by something else, and bytes that are none at all. */
  const spoiled = fc.oneof(
    fc.uint8Array({ maxLength: 60 }),
    fc.json().map((json) => Buffer.from(json)),
    fc
      .tuple(
        fc.oneof(commands, keyed, firing),
        fc.nat(400),
        fc.constantFrom('"', '0', '{', '-1', 'null'),
      )
      .map(([message, at, put]) => {
        const whole = renderCommandMessage(message).toString();
        return Buffer.from(whole.slice(0, at) + put + whole.slice(at + 1));
      }),
  );

  test('reads a message or says that it is none, whatever the bytes', () => {
    fc.assert(
      fc.property(spoiled, (bytes) => {
        try {
          parse(bytes);
        } catch (error) {
          expect(error).toBeInstanceOf(ContractError);
        }
      }),
      RUNS,
    );
  });
});

describe('a text that cannot be stored', () => {
  const expectRefused = (parse: (bytes: Buffer) => unknown, bytes: Buffer): void =>
    expect(() => parse(bytes)).toThrow(ContractError);

  test('makes a command message unreadable, whichever field has it', () => {
    const given = commands.filter((message) => message.type === 'commands');
    fc.assert(
      fc.property(given, unstorable, (message, bad) => {
        for (const part of [
          { stream: bad },
          { bodyHash: bad },
          { position: 1, key: { owner: message.user, name: bad } },
          { commands: [{ number: 1, command: { type: 'DUMPLOG', file: bad, scope: 'user' } }] },
          ...(['reason', 'user', 'file'] as const).map((field) => ({
            commands: [
              { number: 1, command: { type: 'UNREADABLE', name: 'ADD', reason: '', [field]: bad } },
            ],
          })),
        ]) {
          const spoiled = { ...message, ...part } as CommandMessage;
          expectRefused(parseCommandMessage, renderCommandMessage(spoiled));
        }
      }),
    );
  });

  test('makes quote messages and answers unreadable', () => {
    fc.assert(
      fc.property(quote, asker, unstorable, (given, asked, bad) => {
        const { symbol: wanted } = given;
        const request = { symbol: wanted, asker: { ...asked, id: bad } };
        expectRefused(parseQuoteRequest, renderQuoteRequest(request));
        const caused = { ...given, causedBy: bad };
        expectRefused(parseQuoteReply, renderQuoteReply({ type: 'quote', quote: caused }));
        expectRefused(parseQuoteChanged, renderQuoteChanged(caused));
        expectRefused(parseAnswerMessage, renderAnswerMessage({ from: bad, answers: [] }));
      }),
    );
  });
});

describe.each(Object.entries(READERS))('%s of a deeply nested message', (_name, parse) => {
  const nested = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth);

  test.each([5_000, 100_000])('of depth %d says that it is none', (depth) => {
    const body = Buffer.from(`{"v":${nested(depth)},"user":${nested(depth)}}`);
    expect(() => parse(body)).toThrow(ContractError);
  });
});

const entry: fc.Arbitrary<AuditEntry> = withOptional(
  fc.record({
    kind: fc.constantFrom(...AUDIT_KINDS),
    at: number,
    server: fc.constant('transaction-1'),
    number,
    user: fc.oneof(user, fc.constant('$system')),
  }),
  optional('stream', fc.constant('run:a')),
  optional('position', number),
  optional('command', fc.constantFrom(...COMMAND_NAMES)),
  optional('symbol', symbol),
  optional('file', fc.oneof(text, unstorable, fc.stringMatching(/^[\\\t\n\r\0N.]{1,9}$/))),
  optional('funds', amount),
  optional('action', fc.constantFrom('add', 'remove')),
  optional('message', fc.oneof(text, unstorable, fc.stringMatching(/^[\\\t\n\r\0N.]{1,9}$/))),
  optional('quoteServerTime', number),
  optional('cryptokey', fc.base64String()),
);

type Column = (typeof AUDIT_COLUMNS)[number];

/** The text of each column; null where there is none. PostgreSQL's text holds no NUL. */
function columnsOf(each: AuditEntry, index: number): readonly (string | null)[] {
  const values: Readonly<Record<Column, string | number | bigint | undefined>> = {
    outbox_id: '17',
    index,
    at: each.at,
    kind: each.kind,
    server: each.server,
    number: each.number,
    user_id: each.user,
    stream: each.stream,
    position: each.position,
    command: each.command,
    symbol: each.symbol,
    file: each.file?.replaceAll('\0', '\uFFFD'),
    funds: each.funds,
    action: each.action,
    message: each.message?.replaceAll('\0', '\uFFFD'),
    quote_server_time: each.quoteServerTime,
    cryptokey: each.cryptokey,
  };
  return AUDIT_COLUMNS.map((column) => {
    const value = values[column];
    return value === undefined ? null : String(value);
  });
}

const UNESCAPED: Readonly<Record<string, string>> = { t: '\t', n: '\n', r: '\r', '\\': '\\' };

/** COPY's text format, as its documentation has it. */
const readCopy = (body: string): readonly (readonly (string | null)[])[] =>
  body
    .split('\n')
    .slice(0, -1)
    .map((row) =>
      row
        .split('\t')
        .map((field) =>
          field === '\\N'
            ? null
            : field.replace(/\\(.)/g, (_, letter: string) => UNESCAPED[letter] ?? letter),
        ),
    );
