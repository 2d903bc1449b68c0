/** Faults planted into a log without faults: each is found and named, at its line. */
import { describe, expect, test } from '@jest/globals';
import { FINDING_KINDS } from '../../../infra/check/finding-kinds.ts';
import { checkLines, foundIn, indexOf } from './check-log.ts';
import { event, RIGHT_LOG, RIGHT_WORKLOAD } from './right-log.ts';

type Plant = {
  readonly what: string;
  /** Changes the lines of a copy of the log; line 1 has the index 0. */
  readonly plant: (lines: string[]) => void;
  /** `kind line`, in the order of the report. */
  readonly finds: readonly string[];
};

const replace =
  (line: number, from: string | RegExp, to: string) =>
  (lines: string[]): void => {
    const old = lines[line - 1] ?? '';
    const text = old.replace(from, to);
    if (text === old) throw new Error(`line ${line} has no ${String(from)}: ${old}`);
    lines[line - 1] = text;
  };
const put =
  (line: number, text: string) =>
  (lines: string[]): void =>
    void (lines[line - 1] = text);
const drop =
  (line: number, count = 1) =>
  (lines: string[]): void =>
    void lines.splice(line - 1, count);
const insert =
  (line: number, ...texts: readonly string[]) =>
  (lines: string[]): void =>
    void lines.splice(line - 1, 0, ...texts);
/** Removes all lines with a text, but keeps the others at their places. */
const blank =
  (text: string) =>
  (lines: string[]): void =>
    lines.forEach((line, index) => {
      if (line.includes(text)) lines[index] = '';
    });

const PLANTS: readonly Plant[] = [
  { what: 'the log is cut off', plant: drop(34), finds: ['xml-broken 33'] },
  {
    what: 'an ampersand is not escaped',
    plant: replace(14, 'there is', 'R&D'),
    finds: ['xml-broken 14'],
  },
  {
    what: 'a control character is not escaped',
    plant: replace(14, 'there is', '\u0000'),
    finds: ['xml-broken 14'],
  },
  {
    what: 'the root is another',
    plant: (lines) =>
      [replace(2, 'log', 'logs'), replace(34, 'log', 'logs')].forEach((each) => each(lines)),
    finds: ['root-wrong 2'],
  },
  {
    what: 'an event is of no known kind',
    plant: replace(32, /userCommand/g, 'UserCommand'),
    finds: ['event-unknown 32', 'command-missing -'],
  },
  {
    what: 'text stands between the fields',
    plant: replace(32, '<server>', 'oops<server>'),
    finds: ['content-unexpected 32'],
  },
  {
    what: 'a field is unknown',
    plant: replace(32, '<server>', '<host>a</host><server>'),
    finds: ['field-unknown 32'],
  },
  {
    what: 'a field is missing',
    plant: replace(32, /<server>.*<\/server>/, ''),
    finds: ['field-missing 32'],
  },
  {
    what: 'a field stands twice',
    plant: replace(32, '<server>', '<server>a</server><server>'),
    finds: ['field-twice 32'],
  },
  {
    what: 'a command is none of the schema’s',
    plant: replace(32, 'DISPLAY_SUMMARY', 'SHOW'),
    finds: ['field-invalid 32', 'command-missing -'],
  },
  {
    what: 'a timestamp is in no known time',
    plant: replace(32, /<timestamp>\d+/, '<timestamp>4102444800001'),
    finds: ['field-invalid 32'],
  },
  {
    what: 'fields are attributes',
    plant: replace(
      32,
      /<userCommand><timestamp>(\d+)<\/timestamp>/,
      '<userCommand timestamp="$1">',
    ),
    finds: ['fields-as-attributes 32'],
  },
  {
    what: 'money is a float',
    plant: replace(10, '100.00', '100.00000000000001'),
    finds: ['money-fraction 10'],
  },
  {
    what: 'money has one decimal',
    plant: replace(10, '100.00', '100.0'),
    finds: ['money-format 10'],
  },
  {
    what: 'fields are in another order',
    plant: replace(10, /(<action>.*<\/action>)(<username>.*<\/username>)/, '$2$1'),
    finds: ['field-order 10'],
  },
  { what: 'a symbol is in lower case', plant: replace(8, 'ABC', 'abc'), finds: ['field-form 8'] },
  {
    what: 'a command has a field of another',
    plant: replace(9, '</userCommand>', '<funds>100.00</funds></userCommand>'),
    finds: ['field-form 9'],
  },
  {
    what: 'no errorEvent is in the log',
    plant: blank('<errorEvent>'),
    finds: ['kind-missing 13'],
  },
  {
    what: 'no systemEvent is in the log',
    plant: (lines) => {
      blank('<systemEvent>')(lines);
      for (const line of [26, 27, 28, 31]) put(line, '')(lines);
    },
    finds: ['kind-missing 11', 'command-missing -', 'command-missing -'],
  },
  {
    what: 'no accountTransaction is in the log',
    plant: blank('<accountTransaction>'),
    finds: ['kind-missing 3', 'trigger-not-fired 28'],
  },
  {
    what: 'an event is older than the one before it',
    plant: replace(32, /<timestamp>\d+/, '<timestamp>1700000009000'),
    finds: ['time-backwards 32'],
  },
  {
    what: 'two commands are swapped',
    plant: (lines) => {
      put(13, event('UC 6 9 CANCEL_BUY bob'))(lines);
      put(14, '')(lines);
      put(19, event('UC 10 6 COMMIT_SELL bob'))(lines);
      insert(20, event('EE 10 6 COMMIT_SELL bob', 'no-pending-sell: none'))(lines);
    },
    finds: ['number-backwards 19'],
  },
  {
    what: 'an event has the number of another command',
    plant: replace(12, '<transactionNum>5<', '<transactionNum>55<'),
    finds: ['event-without-command 12', 'system-event-missing 11'],
  },
  { what: 'a command is missing', plant: drop(32), finds: ['command-missing -'] },
  {
    what: 'a command stands twice in a row',
    plant: insert(33, RIGHT_LOG[31] ?? ''),
    finds: ['command-twice 33'],
  },
  {
    what: 'a command was carried out twice',
    plant: insert(7, event('UC 1 1 ADD alice - 1000.00'), event('AT 1 1 add alice 1000.00')),
    finds: ['command-twice 7', 'account-transaction-unexpected 8'],
  },
  {
    what: 'a command has another amount than in the workload',
    plant: (lines) => {
      replace(11, '50.00', '60.00')(lines);
      replace(12, '50.00', '60.00')(lines);
    },
    finds: ['command-differs 11'],
  },
  {
    what: 'a command is not in the workload',
    plant: insert(33, event('UC 84 99 DISPLAY_SUMMARY bob')),
    finds: ['command-unknown 33'],
  },
  {
    what: 'a transaction is wrong by a cent',
    plant: replace(10, '100.00', '100.01'),
    finds: ['account-transaction-wrong 10'],
  },
  {
    what: 'a transaction adds instead of removing',
    plant: replace(16, 'remove', 'add'),
    finds: ['account-transaction-wrong 16'],
  },
  {
    what: 'a transaction is missing',
    plant: drop(23),
    finds: ['account-transaction-missing 22'],
  },
  {
    what: 'a BUY removes money already',
    plant: insert(9, event('AT 3 3 remove alice 100.00')),
    finds: ['account-transaction-unexpected 9'],
  },
  {
    what: 'a command without money is carried out',
    plant: (lines) => {
      replace(15, '200.00', '2000.00')(lines);
      replace(16, '200.00', '2000.00')(lines);
    },
    finds: ['command-differs 15', 'account-transaction-unexpected 16', 'balance-negative 16'],
  },
  { what: 'a rejection is missing', plant: drop(14), finds: ['kind-missing 13'] },
  {
    what: 'one of two rejections is missing',
    plant: (lines) => {
      insert(
        33,
        event('UC 84 16 CANCEL_SELL bob'),
        event('EE 84 16 CANCEL_SELL bob', 'no-pending-sell: none'),
      )(lines);
      drop(14)(lines);
    },
    finds: ['command-unknown 32', 'rejection-missing 13'],
  },
  {
    what: 'a command is rejected without a reason',
    plant: insert(10, event('EE 4 4 COMMIT_BUY alice', 'internal: a defect')),
    finds: ['rejection-unexpected 10'],
  },
  {
    what: 'a command is rejected for another reason',
    plant: replace(14, 'no-pending-sell', 'no-shares'),
    finds: ['rejection-differs 14'],
  },
  {
    what: 'a commit comes after the life of its order',
    plant: (lines) => {
      put(22, '')(lines);
      put(23, '')(lines);
      insert(27, event('UC 81.5 11 COMMIT_SELL alice'), event('AT 81.5 11 add alice 60.00'))(lines);
    },
    finds: ['account-transaction-unexpected 28'],
  },
  {
    what: 'a quote is used after its life',
    plant: (lines) => {
      put(20, '')(lines);
      put(21, '')(lines);
      put(22, '')(lines);
      put(23, '')(lines);
      insert(
        27,
        event('UC 81.4 10 SELL alice ABC 60.00'),
        event('SE 81.4 10 SELL alice ABC 60.00'),
      )(lines);
      insert(29, event('UC 81.5 11 COMMIT_SELL alice'), event('AT 81.5 11 add alice 60.00'))(lines);
    },
    finds: ['quote-expired 27'],
  },
  {
    what: 'the first hit of a symbol is missing',
    plant: (lines) => {
      drop(17)(lines);
      replace(23, /<timestamp>\d+/, '<timestamp>1700000079000')(lines);
    },
    finds: ['quote-missing 17'],
  },
  {
    what: 'a hit is made while a quote is fresh',
    plant: insert(11, event('QS 4.5 5 10.00 ABC bob')),
    finds: ['system-event-unexpected 13', 'hit-while-fresh 11'],
  },
  {
    what: 'a hit is made for a command that needs no price',
    plant: insert(9, event('QS 3.5 4 5.00 DEF alice')),
    finds: ['hit-not-needed 9'],
  },
  {
    what: 'a hit is made for a command that is rejected before its price',
    plant: insert(
      33,
      event('QS 84.5 16 5.00 DEF bob'),
      event('UC 85 16 SELL bob DEF 20.00'),
      event('EE 85 16 SELL bob DEF 20.00', 'no-shares: none'),
    ),
    finds: ['command-unknown 34', 'hit-not-needed 33'],
  },
  {
    what: 'a hit is made for nobody',
    plant: insert(20, event('QS 10 77 7.00 DEF bob')),
    finds: ['hit-without-command 20'],
  },
  {
    what: 'the use of a quote is not recorded',
    plant: drop(12),
    finds: ['system-event-missing 11'],
  },
  {
    what: 'a use of a quote is recorded that was none',
    plant: insert(20, event('SE 10 9 CANCEL_BUY bob')),
    finds: ['system-event-unexpected 20'],
  },
  {
    what: 'a trigger fires at a price that does not meet it',
    plant: (lines) => {
      replace(24, '19.00', '21.00')(lines);
      put(26, event('AT 81 8 add alice 11.00'))(lines);
      put(31, event('AT 83 13 add alice 105.00'))(lines);
    },
    finds: ['trigger-not-met 25'],
  },
  {
    what: 'a trigger fires that is not armed',
    plant: (lines) => {
      replace(25, '<transactionNum>8<', '<transactionNum>7<')(lines);
      replace(26, '<transactionNum>8<', '<transactionNum>7<')(lines);
    },
    finds: ['trigger-not-armed 25'],
  },
  {
    what: 'a trigger fires twice',
    plant: insert(27, RIGHT_LOG[24] ?? '', RIGHT_LOG[25] ?? ''),
    finds: ['trigger-not-armed 27'],
  },
  {
    what: 'a trigger that is met at once does not fire',
    plant: drop(30, 2),
    finds: ['trigger-not-fired 28'],
  },
];

describe('a log without faults', () => {
  test('passes, with and without its workload, and for several runs', () => {
    for (const workload of [undefined, indexOf(RIGHT_WORKLOAD)]) {
      const { report } = checkLines(RIGHT_LOG, { workload });
      expect([foundIn(report), report.isRight]).toEqual([[], true]);
    }
    expect(checkLines([...RIGHT_LOG], { severalRuns: true }).report.isRight).toBe(true);
  });

  test('passes in pieces of any length', () => {
    for (const length of [1, 2, 3, 1_000_000]) {
      expect(checkLines(RIGHT_LOG, {}, length).report.isRight).toBe(true);
    }
  });
});

describe('a planted fault is found and named:', () => {
  test.each(PLANTS)('$what', ({ plant, finds }) => {
    const lines = [...RIGHT_LOG];
    plant(lines);
    const { report } = checkLines(lines, { workload: indexOf(RIGHT_WORKLOAD) });
    const found = report.findings.flatMap(({ kind, first }) =>
      first.map(({ line }) => `${kind} ${line ?? '-'}`),
    );
    expect(found).toEqual(finds);
    expect(report.isRight).toBe(false);
  });

  test('there is a plant for every kind of finding', () => {
    const planted = new Set(PLANTS.flatMap(({ finds }) => finds.map((find) => find.split(' ')[0])));
    // The log of one user has a test of its own.
    const others = ['quote-not-in-log'];
    expect(FINDING_KINDS.filter((kind) => !planted.has(kind) && !others.includes(kind))).toEqual(
      [],
    );
  });
});
