import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { COMMAND_NAMES } from '../../shared/domain/command-catalogue.ts';
import { parseSymbol, parseUserId, SYSTEM_USER } from '../../shared/domain/identity.ts';
import { AMOUNT_MAX, cents } from '../../shared/domain/money.ts';
import { parseCommandText } from '../../shared/messages/command-text.ts';
import {
  parseUnnumberedLine,
  parseWorkloadLine,
  renderWorkloadLine,
  type CommandLine,
} from '../../shared/messages/workload-line.ts';
import { anyCommand } from '../support/any-command.ts';

const RUNS = { numRuns: 1000 };

function valid<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('The arbitrary made what is not valid');
  return value;
}

const user = fc.stringMatching(/^[A-Za-z0-9_.-]{1,64}$/).map((name) => valid(parseUserId(name)));
const symbol = fc.stringMatching(/^[A-Z]{1,3}$/).map((name) => valid(parseSymbol(name)));
const amount = fc.bigInt({ min: 1n, max: AMOUNT_MAX }).map(cents);
const file = fc.stringMatching(/^[!-+\--~é€]{1,40}$/);
const number = fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER });

const command = anyCommand({ symbol, amount, price: amount, file });
const line: fc.Arbitrary<CommandLine> = fc.record({ number, user, command }).map((given) => {
  const isForAll = 'scope' in given.command && given.command.scope === 'all';
  return { type: 'command', ...given, user: isForAll ? SYSTEM_USER : given.user };
});

const blanks = fc.stringMatching(/^[ \t]{0,3}$/);

/** What might stand where a part of a line should be, and whole lines of such things. */
const piece = fc.oneof(
  fc.constantFrom(
    ...COMMAND_NAMES,
    '[',
    ']',
    ',',
    ' ',
    '\t',
    '\r',
    '"',
    '-',
    '.',
    '\u0000',
    '\ufeff',
  ),
  fc.constantFrom(
    '[7] ',
    '[1',
    'alice',
    'ABC',
    '10.00',
    '0',
    '9007199254740992',
    'ß',
    '😀',
    '\ud800',
  ),
  fc.string({ unit: 'binary', maxLength: 5 }),
);
const anyText = fc.oneof(
  fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join('')),
  fc.tuple(line, fc.nat(), fc.nat({ max: 3 }), piece).map(([good, at, count, inserted]) => {
    const units = renderWorkloadLine(good).split('');
    units.splice(at % (units.length + 1), count, inserted);
    return units.join('');
  }),
);

describe('a workload line', () => {
  test('is read as what it was written from', () => {
    fc.assert(
      fc.property(line, (written) => {
        const text = renderWorkloadLine(written);
        expect(parseWorkloadLine(text, written.number - 1)).toEqual(written);
        expect(parseWorkloadLine(text, written.number).type).toBe('unreadable');
        expect(parseUnnumberedLine(text, 5)).toEqual({ ...written, number: 5 });
      }),
      RUNS,
    );
  });

  test('means the same with spaces and tabs around each part', () => {
    fc.assert(
      fc.property(line, fc.infiniteStream(blanks), (written, around) => {
        const blank = (): string => [...around.take(1)].join('');
        const text = renderWorkloadLine(written)
          .split(/([[\],])/)
          .map((part) => `${blank()}${part.trim()}${blank()}`)
          .join('');
        fc.pre(
          text.length < 1000 &&
            !/[[\]]/.test('file' in written.command ? written.command.file : ''),
        );
        expect(parseWorkloadLine(text, 0)).toEqual(written);
      }),
      RUNS,
    );
  });

  test('of whatever text is one of four things, and never a throw', () => {
    const types = ['command', 'unreadable-command', 'unreadable', 'blank'];
    fc.assert(
      fc.property(anyText, fc.nat(), (text, previous) => {
        const read = parseWorkloadLine(text, previous);
        expect(types).toContain(read.type);
        expect(types).toContain(parseUnnumberedLine(text, 1).type);
        expect(types.slice(0, 3)).toContain(parseCommandText(text).type);
        if (read.type !== 'blank' && read.number !== undefined) {
          expect(read.number).toBeGreaterThan(previous);
        }
        // What is read as a command is one: written and read again it is the same.
        if (read.type === 'command') {
          expect(parseWorkloadLine(renderWorkloadLine(read), previous)).toEqual(read);
        }
      }),
      RUNS,
    );
  });

  test('gives reasons that are bounded and print', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const read = parseWorkloadLine(text, 0);
        if (read.type === 'command' || read.type === 'blank') return;
        const reason = read.type === 'unreadable' ? read.reason : read.command.reason;
        expect(reason.length).toBeLessThan(1500);
        expect(reason).toContain('expected: [N] ');
        // eslint-disable-next-line no-control-regex -- control characters are exactly what is looked for
        expect(reason).not.toMatch(/[\u0000-\u001f\u007f-\u009f]/);
      }),
      RUNS,
    );
  });
});
