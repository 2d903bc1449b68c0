/** Every border at which something comes in from outside, with valid inputs to begin from. */
import { isDeepStrictEqual } from 'node:util';
import { outboxIdOf } from '../../consumers/audit/outbox-id-of.ts';
import { parseQuoteAnswer } from '../../consumers/quote/parse-quote-answer.ts';
import { positiveNumber, wholeNumber } from '../../infra/cli/numbers.ts';
import { runName } from '../../infra/cli/run-options.ts';
import { parseQuoteServerFlags } from '../../infra/quote-server/flags.ts';
import { readPublication } from '../../producers/intake/publication.ts';
import { finishAtOnce } from '../../shared/runtime/in-turns.ts';
import { splitText } from '../../producers/intake/read-lines.ts';
import { LineSplitter } from '../../producers/workload/line-splitter.ts';
import type { Random } from '../../producers/workload/random.ts';
import type { StockSymbol, UserId } from '../../shared/domain/identity.ts';
import { parseAnswerMessage, renderAnswerMessage } from '../../shared/messages/answer-message.ts';
import { AUDIT_MESSAGE_TYPE } from '../../shared/messages/audit-entry.ts';
import {
  parseCommandMessage,
  renderCommandMessage,
} from '../../shared/messages/command-message.ts';
import { parseCommandText } from '../../shared/messages/command-text.ts';
import {
  parseQuoteChanged,
  parseQuoteReply,
  parseQuoteRequest,
  renderQuoteChanged,
  renderQuoteReply,
  renderQuoteRequest,
} from '../../shared/messages/quote-message.ts';
import {
  parseUnnumberedLine,
  parseWorkloadLine,
  renderWorkloadLine,
} from '../../shared/messages/workload-line.ts';
import { readConfig } from '../../shared/runtime/config.ts';
import { harmOf } from './moves-no-money.ts';
import { mutateBytes, mutateJson, mutateText } from './mutate.ts';
import {
  COMMAND_BODIES,
  COMMAND_LINES,
  ENVIRONMENT,
  FLAGS,
  UNNUMBERED_LINES,
} from './valid-inputs.ts';

/** Thrown where a border let something through that it must not. */
export class BorderBroken extends Error {}

export type Border = {
  readonly name: string;
  /** Its parsers: files whose branches are counted. */
  readonly files: readonly string[];
  /**
   * Tries one input: `value` or `refused` as a value. Throws the border's own error where it has
   * one; any other error is a crash.
   */
  readonly attempt: (random: Random, isMutated: boolean) => 'value' | 'refused';
};

const pick = <Item>(random: Random, items: readonly [Item, ...Item[]]): Item =>
  items[random.below(items.length)] ?? items[0];

const demandHarmless = (command: Parameters<typeof harmOf>[0]): void => {
  const harm = harmOf(command);
  if (harm !== undefined) throw new BorderBroken(harm);
};

type Valid<Input> = readonly [Input, ...Input[]];
type Text = (text: string, random: Random) => 'value' | 'refused';
const ofText =
  (valid: Valid<string>, attempt: Text): Border['attempt'] =>
  (random, isMutated) => {
    const text = pick(random, valid);
    return attempt(isMutated ? mutateText(random, text) : text, random);
  };
const ofJson =
  (valid: Valid<Buffer>, attempt: (body: Buffer) => void): Border['attempt'] =>
  (random, isMutated) => {
    const body = pick(random, valid);
    attempt(isMutated ? mutateJson(random, body) : body);
    return 'value';
  };

const json = (value: object): Buffer => Buffer.from(JSON.stringify(value));
const MESSAGES = 'shared/messages';
const LINE_FILES = [
  ...['workload-line', 'command-text', 'command-fields', 'command-form', 'command-fault'],
  ...['line-number', 'line-size', 'show-text', 'split-fields'],
].map((file) => `${MESSAGES}/${file}`);

/** A symbol's quote as it travels. */
const QUOTE = {
  v: 1,
  symbol: 'ABC',
  price: 1_234,
  receivedAt: 1_700_000_000_000,
  causedBy: 'a/b/1',
};
const ANSWER = renderAnswerMessage({
  from: 'transaction-1',
  answers: [
    { id: 'x', user: 'ann', stream: 'run:1', position: 1, outcomes: [{ is: 'done' }] },
    {
      ...{ id: 'y', user: 'bob', stream: 'run:1', position: 4, expected: 2 },
      outcomes: [
        { is: 'accepted', answer: { balance: 7 } },
        { is: 'accepted' },
        { is: 'rejected', reason: 'no-shares', message: 'none' },
        { is: 'rejected', reason: 'no-shares' },
      ],
    },
  ],
});
const QUESTION = { symbol: 'ABC' as StockSymbol, user: 'ann' as UserId };
const AUDIT_ROWS = Buffer.from('17\t0\t1700000000000\tuserCommand\ttransaction-1\t1\tann\t\\N\n');

export const BORDERS: readonly Border[] = [
  {
    name: 'workload lines',
    files: LINE_FILES,
    attempt: ofText(COMMAND_LINES, (text) => {
      const line = parseWorkloadLine(text, 3);
      if (line.type === 'blank' || line.type === 'unreadable') return 'refused';
      demandHarmless(line.command);
      if (line.type !== 'command') return 'refused';
      const again = parseWorkloadLine(renderWorkloadLine(line), 3);
      if (!isDeepStrictEqual(again, line)) throw new BorderBroken('not read as it was written');
      return 'value';
    }),
  },
  {
    name: 'workload bytes',
    files: ['producers/workload/line-splitter', 'producers/intake/read-lines', ...LINE_FILES],
    attempt: (random, isMutated) => {
      const mark = random.below(4) === 0 ? '\uFEFF' : '';
      const text = [0, 1, 2].map(() => pick(random, COMMAND_LINES)).join('\r\n');
      const whole = Buffer.from(mark + text);
      const bytes = isMutated ? mutateBytes(random, whole) : whole;
      const splitter = new LineSplitter();
      const at = random.below(bytes.length + 1);
      const pieces = [bytes.subarray(0, at), bytes.subarray(at)];
      const raws = [...pieces.flatMap((piece) => [...splitter.split(piece)]), ...splitter.end()];
      const { unnumbered, read } = finishAtOnce(splitText(bytes));
      const numbers = Array.from({ length: unnumbered }, (_, index) => 1_000_000_001 + index);
      const lines = finishAtOnce(read(numbers));
      if (lines.length > raws.length) throw new BorderBroken('more lines than there are');
      for (const { line } of lines) if (line.type !== 'unreadable') demandHarmless(line.command);
      return lines.some(({ line }) => line.type === 'command') ? 'value' : 'refused';
    },
  },
  {
    name: 'commands by hand',
    files: LINE_FILES,
    attempt: ofText(UNNUMBERED_LINES, (text) => {
      parseUnnumberedLine(text, 7);
      const read = parseCommandText(text);
      if (read.type === 'unreadable') return 'refused';
      demandHarmless(read.command);
      return read.type === 'command' ? 'value' : 'refused';
    }),
  },
  {
    name: 'command messages',
    files: ['command-message', 'command-codec', 'json'].map((file) => `${MESSAGES}/${file}`),
    attempt: ofJson(COMMAND_BODIES, (body) => {
      const message = parseCommandMessage(body);
      const again = parseCommandMessage(renderCommandMessage(message));
      if (renderCommandMessage(again).compare(renderCommandMessage(message)) !== 0) {
        throw new BorderBroken('what was read is rendered as something else');
      }
      if (message.type === 'firing') demandHarmless(message.firing);
      else for (const { command } of message.commands) demandHarmless(command);
    }),
  },
  {
    name: 'answer messages',
    files: [`${MESSAGES}/answer-message`],
    attempt: ofJson([ANSWER], parseAnswerMessage),
  },
  {
    name: 'quote requests',
    files: [`${MESSAGES}/quote-message`],
    attempt: ofJson(
      [json({ v: 1, symbol: 'ABC', id: 'a/b/1', user: 'ann', number: 7 })],
      (body) => {
        parseQuoteRequest(renderQuoteRequest(parseQuoteRequest(body)));
      },
    ),
  },
  {
    name: 'quote replies',
    files: [`${MESSAGES}/quote-message`],
    attempt: ofJson([json(QUOTE), json({ v: 1, symbol: 'ABC', unavailable: true })], (body) => {
      const reply = parseQuoteReply(body);
      if (reply.type === 'quote' && reply.quote.price <= 0n) throw new BorderBroken('no price');
      parseQuoteReply(renderQuoteReply(reply));
    }),
  },
  {
    name: 'changed quotes',
    files: [`${MESSAGES}/quote-message`],
    attempt: ofJson([json(QUOTE)], (body) => {
      const quote = parseQuoteChanged(renderQuoteChanged(parseQuoteChanged(body)));
      if (quote.price <= 0n) throw new BorderBroken('no price');
    }),
  },
  {
    name: 'audit messages',
    files: ['consumers/audit/outbox-id-of'],
    attempt: (random, isMutated) => {
      const isTyped = random.below(8) > 0;
      const others = [undefined, '', 'audit-rows.v2'] as const;
      const type = isTyped ? AUDIT_MESSAGE_TYPE : others[random.below(others.length)];
      const id = outboxIdOf({
        type,
        body: isMutated ? mutateBytes(random, AUDIT_ROWS) : AUDIT_ROWS,
      });
      if (!/^\d+$/.test(id)) throw new BorderBroken(`${id} is no outbox row`);
      return 'value';
    },
  },
  {
    name: 'message headers',
    files: ['producers/intake/publication'],
    attempt: (random, isMutated) => {
      const messageId = pick(random, ['018f-a', 'order 66', '']);
      readPublication({
        body: random.below(2_000) === 0 ? Buffer.alloc(17 * 1_024 * 1_024) : AUDIT_ROWS,
        messageId: isMutated ? mutateText(random, messageId) : messageId,
        redelivered: random.below(2) === 0,
      });
      return 'value';
    },
  },
  {
    name: 'quote answers',
    files: ['consumers/quote/parse-quote-answer'],
    attempt: ofText(['12.34,ABC,ann,1700000000000,c2VjcmV0'], (text) => {
      const answer = parseQuoteAnswer(text, QUESTION);
      if (answer.ok && answer.quote.price <= 0n) throw new BorderBroken('a price of nothing');
      return answer.ok ? 'value' : 'refused';
    }),
  },
  {
    name: 'command line',
    files: ['infra/cli/numbers', 'infra/cli/run-options', 'infra/quote-server/flags'],
    attempt: ofText(FLAGS, (text, random) => {
      switch (random.below(4)) {
        case 0:
          wholeNumber('--pack', { least: 1, most: 500 })(text);
          return 'value';
        case 1:
          positiveNumber('--rate', 1e6)(text);
          return 'value';
        case 2:
          runName(random.below(9) === 0 ? undefined : text);
          return 'value';
        default:
          parseQuoteServerFlags(text.split(' '));
          return 'value';
      }
    }),
  },
  {
    name: 'environment',
    files: ['shared/runtime/config'],
    attempt: (random, isMutated) => {
      const environment = { ...ENVIRONMENT };
      const names = Object.keys(environment);
      for (const name of names) if (random.below(3) === 0) environment[name] = '';
      const name = names[random.below(names.length)] ?? '';
      if (isMutated) environment[name] = mutateText(random, environment[name] ?? '');
      const { orderLifetimeMs, quoteLifetimeMs, shards } = readConfig(environment);
      const isSane = orderLifetimeMs > 0 && quoteLifetimeMs > 0 && shards >= 1;
      if (!isSane) throw new BorderBroken(JSON.stringify(environment));
      return 'value';
    },
  },
];
