import { describe, expect, test } from '@jest/globals';
import { COMMAND_NAMES } from '../../../shared/domain/command-catalogue.ts';
import { cents } from '../../../shared/domain/money.ts';
import { parseCommandText, renderCommandText } from '../../../shared/messages/command-text.ts';
import {
  parseUnnumberedLine,
  parseWorkloadLine,
  renderWorkloadLine,
  type WorkloadLine,
} from '../../../shared/messages/workload-line.ts';

const read = (text: string, previous = 0): WorkloadLine => parseWorkloadLine(text, previous);

function reasonOf(line: WorkloadLine): string {
  if (line.type === 'unreadable') return line.reason;
  return line.type === 'unreadable-command' ? line.command.reason : `none: ${line.type}`;
}

const ONE_OF_EACH: readonly (readonly [string, object])[] = [
  ['ADD,alice,63511.53', { type: 'ADD', amount: 6351153n }],
  ['QUOTE,alice,ABC', { type: 'QUOTE', symbol: 'ABC' }],
  ['BUY,alice,ABC,10.00', { type: 'BUY', symbol: 'ABC', amount: 1000n }],
  ['COMMIT_BUY,alice', { type: 'COMMIT_BUY' }],
  ['CANCEL_BUY,alice', { type: 'CANCEL_BUY' }],
  ['SELL,alice,ABC,10.00', { type: 'SELL', symbol: 'ABC', amount: 1000n }],
  ['COMMIT_SELL,alice', { type: 'COMMIT_SELL' }],
  ['CANCEL_SELL,alice', { type: 'CANCEL_SELL' }],
  ['SET_BUY_AMOUNT,alice,S,1.00', { type: 'SET_BUY_AMOUNT', symbol: 'S', amount: 100n }],
  ['SET_BUY_TRIGGER,alice,S,1.00', { type: 'SET_BUY_TRIGGER', symbol: 'S', price: 100n }],
  ['CANCEL_SET_BUY,alice,S', { type: 'CANCEL_SET_BUY', symbol: 'S' }],
  ['SET_SELL_AMOUNT,alice,S,1.00', { type: 'SET_SELL_AMOUNT', symbol: 'S', amount: 100n }],
  ['SET_SELL_TRIGGER,alice,S,1.00', { type: 'SET_SELL_TRIGGER', symbol: 'S', price: 100n }],
  ['CANCEL_SET_SELL,alice,S', { type: 'CANCEL_SET_SELL', symbol: 'S' }],
  ['DISPLAY_SUMMARY,alice', { type: 'DISPLAY_SUMMARY' }],
  ['DUMPLOG,alice,./userLOG', { type: 'DUMPLOG', scope: 'user', file: './userLOG' }],
];

describe('a line that is one of the commands', () => {
  test.each(ONE_OF_EACH)('%s is read, and written the same', (text, command) => {
    const line = read(`[7] ${text}`);
    expect(line).toEqual({ type: 'command', number: 7, user: 'alice', command });
    if (line.type !== 'command') throw new Error('not reached');
    expect(renderWorkloadLine(line)).toBe(`[7] ${text}`);
    expect(renderCommandText(line.user, line.command)).toBe(text);
    expect(parseCommandText(text)).toEqual({ type: 'command', user: 'alice', command });
  });

  test('a dump of the whole log belongs to the system', () => {
    const command = { type: 'DUMPLOG', scope: 'all', file: './testLOG' } as const;
    const line = read('[21] DUMPLOG,./testLOG');
    expect(line).toEqual({ type: 'command', number: 21, user: '$system', command });
    expect(line.type === 'command' && renderWorkloadLine(line)).toBe('[21] DUMPLOG,./testLOG');
  });

  test.each([
    '[7] BUY,alice,ABC,10.00 ',
    '[7]BUY,alice,ABC,10.00',
    ' \t[ \t7\t ] \tBUY \t, alice\t,\tABC ,10.00\t \r',
    '[007] buy,alice,abc,10',
    '[7] Buy,alice,aBc,010.0',
  ])('%j says the same', (text) => {
    const command = { type: 'BUY', symbol: 'ABC', amount: cents(1000) };
    expect(read(text)).toEqual({ type: 'command', number: 7, user: 'alice', command });
  });

  test.each(['', ' ', '\t', '\r', ' \t\r'])('%j is blank', (text) => {
    expect(read(text)).toEqual({ type: 'blank' });
    expect(parseUnnumberedLine(text, 1)).toEqual({ type: 'blank' });
  });
});

describe('the number', () => {
  test.each([
    ['[1]', 0, 1],
    ['[9007199254740991]', 9007199254740990, 9007199254740991],
    ['[12]', 3, 12],
    [`[${'0'.repeat(100)}5]`, 4, 5],
  ])('%s after %d is good', (brackets, previous, number) => {
    expect(read(`${brackets} COMMIT_BUY,bob`, previous)).toMatchObject({ type: 'command', number });
  });

  test.each([
    ['COMMIT_BUY,bob', 0, 'no number in brackets at the start of "'],
    ['7 COMMIT_BUY,bob', 0, 'no number in brackets at the start of "'],
    ['[7 COMMIT_BUY,bob', 0, 'no number in brackets at the start of "'],
    ['x[7] COMMIT_BUY,bob', 0, 'no number in brackets at the start of "'],
    ['[] COMMIT_BUY,bob', 0, 'number "" is not 1 to 9007199254740991'],
    ['[0] COMMIT_BUY,bob', 0, 'number "0" is not'],
    ['[-1] COMMIT_BUY,bob', 0, 'number "-1" is not'],
    ['[+1] COMMIT_BUY,bob', 0, 'number "+1" is not'],
    ['[1.0] COMMIT_BUY,bob', 0, 'number "1.0" is not'],
    ['[1e3] COMMIT_BUY,bob', 0, 'number "1e3" is not'],
    ['[1 2] COMMIT_BUY,bob', 0, 'number "1 2" is not'],
    ['[٣] COMMIT_BUY,bob', 0, 'number "٣" is not'],
    ['[9007199254740992] COMMIT_BUY,bob', 0, 'number "9007199254740992" is not'],
    [`[${'9'.repeat(400)}] COMMIT_BUY,bob`, 0, `number "${'9'.repeat(60)}…" is not`],
    ['[7] COMMIT_BUY,bob', 7, 'number 7 is not greater than 7, the last good one'],
    ['[6] COMMIT_BUY,bob', 7, 'number 6 is not greater than 7, the last good one'],
  ])('%s after %d is only reported', (text, previous, reason) => {
    const line = read(text, previous);
    expect(line.type).toBe('unreadable');
    expect(line).not.toHaveProperty('number');
    expect(reasonOf(line)).toContain(reason);
  });

  test('the expected form is that of the command, if it is a known one', () => {
    expect(reasonOf(read('[x] buy,alice'))).toMatch(/expected: \[N\] BUY,user,SYMBOL,amount$/);
    expect(reasonOf(read('hello'))).toContain('expected: [N] COMMAND,user,...');
  });

  test('a good number before no command is remembered, as the next must be greater', () => {
    expect(read('[5] HELLO,alice')).toMatchObject({ type: 'unreadable', number: 5 });
  });
});

describe('the name of the command', () => {
  test.each([
    ['[1] HELLO,alice', 'unknown command "HELLO"'],
    ['[1] ,alice', 'unknown command ""'],
    ['[1]', 'unknown command ""'],
    ['[1] BUY alice', 'unknown command "BUY alice"'],
    ['[1] FIRE_TRIGGER,alice', 'unknown command "FIRE_TRIGGER"'],
    ['[1] ſELL,alice,ABC,1', 'unknown command "ſELL"'],
    ['[1] __proto__,alice', 'unknown command "__proto__"'],
    ['[1] \u001b[2J,alice', 'unknown command "\\u001b[2J"'],
    ['[1] "\\,alice', 'unknown command "\\"\\\\"'],
  ])('%j is only reported', (text, reason) => {
    expect(read(text).type).toBe('unreadable');
    expect(reasonOf(read(text))).toContain(reason);
    expect(reasonOf(read(text))).toContain(
      `; expected: [N] COMMAND,user,... with one of ${COMMAND_NAMES.join(' ')}`,
    );
  });
});

describe('a numbered command with a bad field', () => {
  const whole = { user: 'alice', symbol: 'ABC', amount: 100n };

  test.each([
    ['BUY,alice', 'alice', { user: 'alice' }, 'field count 2, not 4: "BUY,alice"'],
    ['BUY,alice,ABC', 'alice', { user: 'alice', symbol: 'ABC' }, 'field count 3, not 4'],
    ['BUY,alice,ABC,1,2', 'alice', whole, 'field count 5, not 4: "BUY,alice,ABC,1,2"'],
    ['COMMIT_BUY', '$system', {}, 'field count 1, not 2'],
    ['COMMIT_BUY,alice,', 'alice', { user: 'alice' }, 'field count 3, not 2'],
    ['DUMPLOG', '$system', {}, 'field count 1, not 2 or 3'],
    ['DUMPLOG,a,b,c', 'a', { user: 'a', file: 'b' }, 'field count 4, not 2 or 3'],
    ['BUY,al ice,ABC,1', '$system', { symbol: 'ABC', amount: 100n }, '"al ice" is not a user name'],
    ['COMMIT_BUY,', '$system', {}, '"" is not a user name'],
    ['COMMIT_BUY,$system', '$system', {}, '"$system" is not a user name'],
    [`COMMIT_BUY,${'a'.repeat(65)}`, '$system', {}, 'is not a user name'],
    ['BUY,alice,ABCD,1', 'alice', { user: 'alice', amount: 100n }, '"ABCD" is not a symbol'],
    ['QUOTE,alice,A1', 'alice', { user: 'alice' }, '"A1" is not a symbol'],
    ['QUOTE,alice,ß', 'alice', { user: 'alice' }, '"ß" is not a symbol'],
    ['QUOTE,alice,', 'alice', { user: 'alice' }, '"" is not a symbol'],
    ['ADD,alice,-73280.58', 'alice', { user: 'alice' }, '"-73280.58" is not an amount'],
    ['DUMPLOG,', '$system', {}, '"" is not a file name'],
    ['DUMPLOG,alice,', 'alice', { user: 'alice' }, '"" is not a file name'],
    ['DUMPLOG,./a\0b', '$system', {}, '"./a\\u0000b" is not a file name'],
    ['DUMPLOG,al ice,./a', '$system', { file: './a' }, '"al ice" is not a user name'],
  ])('%j keeps what is valid and quotes the rest', (text, user, kept, reason) => {
    const line = read(`[3] ${text}`);
    expect(line).toMatchObject({ type: 'unreadable-command', number: 3, user });
    if (line.type !== 'unreadable-command') throw new Error('not reached');
    const name: string = text.split(',', 1).join('');
    expect(line.command).toEqual({
      type: 'UNREADABLE',
      name,
      reason: line.command.reason,
      ...kept,
    });
    expect(line.command.reason).toContain(reason);
  });

  test.each(['0', '0.00', '-5', '+5', '.5', '5.', '1e3', '1.234', 'NaN', '', '٣', '1 0', '0x10'])(
    'the amount %j is bad',
    (amount) => {
      expect(read(`[1] ADD,alice,${amount}`).type).toBe('unreadable-command');
    },
  );

  test.each([
    ['0.01', 1n],
    ['0.07', 7n],
    ['007', 700n],
    ['0.5', 50n],
    ['1000000000.00', 100_000_000_000n],
  ])('the amount %s is good', (amount, value) => {
    expect(read(`[1] ADD,alice,${amount}`)).toMatchObject({ command: { amount: value } });
  });

  test('an amount over the limit is bad', () => {
    expect(read('[1] ADD,alice,1000000000.01').type).toBe('unreadable-command');
  });

  test('whether a file may be written is decided later', () => {
    expect(read('[1] DUMPLOG,../../etc/passwd').type).toBe('command');
  });

  test('every fault is named, in the order of the checks', () => {
    const faults = [
      ['[x]', '[2]'],
      ['BUX', 'BUY'],
      [',1,2', ',1'],
      ['a b', 'ab'],
      ['WXYZ', 'XYZ'],
    ] as const;
    let text = '[x] BUX,a b,WXYZ,1,2';
    const seen = faults.map(([bad, good]) => {
      const [first = ''] = reasonOf(read(text)).split(';');
      text = text.replace(bad, good);
      return first;
    });
    expect(seen).toEqual([
      'number "x" is not 1 to 9007199254740991',
      'unknown command "BUX"',
      'field count 5, not 4: "BUY,a b,WXYZ,1,2"',
      '"a b" is not a user name: 1 to 64 of A-Z a-z 0-9 _ . -',
      '"WXYZ" is not a symbol: 1 to 3 letters',
    ]);
    expect(read(text).type).toBe('command');
    const reason = reasonOf(read('[2] BUY,a b,WXYZ,-1'));
    expect(reason).toMatch(/user name.*; .*symbol.*; .*amount.*; expected: \[N\] BUY,user,SYMBOL,/);
  });
});

describe('a line that is damaged as a whole', () => {
  const long = (text: string, bytes: number): string => text.padEnd(bytes, ' ');

  test('4,096 bytes are not too many, a carriage return not counted', () => {
    expect(read(`${long('[1] ADD,alice,1', 4096)}\r`).type).toBe('command');
    expect(read(long('[1] ADD,alice,1', 1366)).type).toBe('command');
  });

  test('one byte more is reported, under its name, but not with a field that may be cut', () => {
    const line = read(long('[1] ADD,alice,1', 4097));
    expect(line).toMatchObject({ type: 'unreadable-command', number: 1, user: 'alice' });
    expect(line).not.toHaveProperty('command.amount');
    expect(reasonOf(line)).toBe('longer than 4096 bytes; expected: [N] ADD,user,amount');
  });

  test.each([
    ['é', 2],
    ['€', 3],
    ['😀', 4],
    ['\ud800', 3],
  ])('%s counts as its bytes', (character, bytes) => {
    const head = '[1] COMMIT_BUY,alice,';
    const count = Math.floor((4096 - head.length) / bytes);
    const filled = long(head + character.repeat(count), 4096 - count * (bytes - character.length));
    expect(reasonOf(read(filled))).toContain('field count 3, not 2');
    expect(reasonOf(read(`${filled} `))).toContain('longer than 4096 bytes');
  });

  test.each([
    [long('', 4097), 'no number in brackets'],
    [long('[1] COMMIT_BUY', 4097), 'unknown command ""'],
    [`[${'0'.repeat(4097)}1] COMMIT_BUY,a`, 'no number in brackets'],
    [long('[1] HELLO,', 4097), 'unknown command "HELLO"'],
  ])('without a number and a name it is only reported', (text, reason) => {
    expect(read(text).type).toBe('unreadable');
    expect(reasonOf(read(text))).toContain(`longer than 4096 bytes; ${reason}`);
  });

  test('one that is not UTF-8 keeps its readable fields', () => {
    const line = parseWorkloadLine('[4] BUY,alice,A\ufffd,5', 3, 'not-utf-8');
    const kept = { user: 'alice', amount: 500n };
    expect(line).toMatchObject({ type: 'unreadable-command', user: 'alice', command: kept });
    expect(line).not.toHaveProperty('command.symbol');
    expect(reasonOf(line)).toMatch(/^not UTF-8; "A\ufffd" is not a symbol/);
  });

  test('good fields do not make it a command', () => {
    const line = parseWorkloadLine('[4] ADD,alice,5,', 3, 'not-utf-8');
    expect(reasonOf(line)).toBe('not UTF-8; expected: [N] ADD,user,amount');
  });
});

describe('a line its reader numbers', () => {
  test.each(['BUY,bob,S,1', '[3] BUY,bob,S,1', '[x] BUY,bob,S,1', ' [ ]BUY,bob,S,1'])(
    '%s has the number it is given',
    (text) => {
      expect(parseUnnumberedLine(text, 9)).toMatchObject({ type: 'command', number: 9 });
    },
  );

  test('bad ones keep that number, and no number is expected of them', () => {
    const bad = parseUnnumberedLine('BUY,bob', 9);
    expect(bad).toMatchObject({ type: 'unreadable-command', number: 9 });
    expect(reasonOf(bad)).toMatch(/expected: BUY,user,SYMBOL,amount$/);
    expect(parseUnnumberedLine('HELLO', 9)).toMatchObject({ type: 'unreadable', number: 9 });
    const dump = reasonOf(read('[1] DUMPLOG'));
    expect(dump).toMatch(/expected: \[N\] DUMPLOG,user,file or \[N\] DUMPLOG,file$/);
  });

  test('a command sent by hand has none', () => {
    expect(parseCommandText('[1] BUY,bob,S,1').type).toBe('unreadable');
    expect(parseCommandText('BUY,bob')).toMatchObject({ type: 'unreadable-command', user: 'bob' });
  });
});
