/** Logs of other systems, of one user and of several runs; and what a check gives besides findings. */
import { describe, expect, test } from '@jest/globals';
import { renderReplayedAccount, replayedAccounts } from '../../../infra/check/replayed-account.ts';
import { checkLines, foundIn, indexOf } from './check-log.ts';
import { event, RIGHT_LOG, RIGHT_WORKLOAD, START } from './right-log.ts';

/** Rewrites each event as another system may: other order, floats, other blanks, no XML declaration. */
const asOthers = (line: string): string =>
  line
    .replace(/(<timestamp>.*?<\/timestamp>)(<server>.*?<\/server>)/, '$2\n    $1')
    .replace(/(<username>.*?<\/username>)(.*)(<\/\w+>)$/, '$2$1$3')
    .replace(/(\d+)\.(\d)0<\/(funds|price)>/g, '$1.$2</$3>');

describe("a log in another form of the course's schema", () => {
  const others = RIGHT_LOG.slice(1).map(asOthers);

  test('is read, and its deviations are no faults', () => {
    const { report } = checkLines(others, { workload: indexOf(RIGHT_WORKLOAD) });
    expect(report.dialect).toBe('course');
    expect(report.findings.map(({ kind, weight }) => [kind, weight])).toEqual([
      ['field-order', 'deviation'],
      ['money-format', 'deviation'],
    ]);
    expect(report.findings[0]?.count).toBe(31);
    expect(report.isRight).toBe(true);
  });

  test('has its faults found all the same', () => {
    const lines = others.map((line) => line.replace('>95.0<', '>95.1<'));
    const { report } = checkLines(lines, { firstMax: 1 });
    expect(foundIn(report)).toContain('account-transaction-wrong fault 58 alice 13');
    expect(report.isRight).toBe(false);
  });

  test('may log a command before the hit that it causes, with later times', () => {
    const lines = [
      '<log>',
      event('UC 0 1 ADD alice - 1000.00'),
      event('AT 0.1 1 add alice 1000.00'),
      event('UC 1 2 BUY alice ABC 100.00'),
      event('QS 5 2 10.00 ABC alice'),
      event('UC 6 3 COMMIT_BUY alice'),
      event('AT 6.2 3 remove alice 100.00'),
      '</log>',
    ];
    expect(foundIn(checkLines(lines).report)).toEqual([]);
  });

  test('has fields as attributes, which are read and reported once an event', () => {
    const line = `<userCommand timestamp="${START}" server="a" transactionNum="1" command="DISPLAY_SUMMARY" username="a"/>`;
    const { report } = checkLines(['<log>', line, '</log>']);
    expect(foundIn(report)).toEqual([
      'fields-as-attributes fault 2 a 1',
      'kind-missing fault 2 a 1',
    ]);
  });

  test.each([
    ['12', 'money-format'],
    ['012.50', 'money-format'],
    ['+12.50', 'money-format'],
    ['12.500', 'money-format'],
    ['12.505', 'money-fraction'],
    ['1.25e1', 'field-invalid'],
    ['$12.50', 'field-invalid'],
    ['NaN', 'field-invalid'],
    ['', 'field-invalid'],
  ])('names the fault of the money %p', (text, kind) => {
    const lines = [...RIGHT_LOG, ''];
    lines[2] = (lines[2] ?? '').replace('1000.00', text);
    expect(checkLines(lines).report.findings[0]?.kind).toBe(kind);
  });
});

test('text that is no XML has one fault, and is not read to its end', () => {
  const { report } = checkLines(Array.from({ length: 5_000 }, () => 'ADD,alice,100.00'));
  expect(report.findings.map(({ kind, count }) => [kind, count])).toEqual([
    ['xml-broken', 1],
    ['root-wrong', 1],
  ]);
});

describe('the log of one user', () => {
  const ofBob = RIGHT_LOG.filter((line) => !line.includes('>alice<'));

  test('lacks the quotes of others, which is noted and is no fault', () => {
    const { report } = checkLines(ofBob);
    expect(foundIn(report)).toEqual(['quote-not-in-log note 5 bob 5']);
    expect(report.isRight).toBe(true);
    const accounts = report.questions.find(({ question }) => question === 'accounts');
    expect(accounts?.notChecked).toMatch(/commands? could not be replayed/);
  });

  test('gives no accounts if a price is not in it', () => {
    const { check } = checkLines(ofBob);
    expect(replayedAccounts(check.users)).toMatchObject({ notReplayed: { user: 'bob' } });
  });
});

describe('the log of several runs', () => {
  const events = [
    ...RIGHT_LOG.slice(2, 10).filter((line) => line.includes('alice')),
    // The whole system has one command a run.
    RIGHT_LOG[32] ?? '',
  ];
  const later = events.map((line) => line.replace(/<timestamp>17000/, '<timestamp>17001'));

  test('may start its numbers again if it starts with the same one', () => {
    const { report } = checkLines(['<log>', ...events, ...later, '</log>']);
    expect([foundIn(report), report.runs]).toEqual([[], 2]);
    const again = [RIGHT_LOG[2], RIGHT_LOG[3], RIGHT_LOG[2], RIGHT_LOG[3]].map((line = '') => line);
    const { report: declared } = checkLines(['<log>', ...again, '</log>'], { severalRuns: true });
    expect([foundIn(declared), declared.runs]).toEqual([[], 2]);
  });

  test('may have any numbers if it is declared to be of several', () => {
    const lines = [
      '<log>',
      ...[5, 9, 7, 8].map((number) => event(`UC ${number} ${number} ADD a - 1.00`)),
      '</log>',
    ].map((line) => line.replace(/<timestamp>\d+/, `<timestamp>${START}`));
    const kindsOf = (severalRuns: boolean): readonly string[] =>
      checkLines(lines, { severalRuns }).report.findings.map(({ kind }) => kind);
    expect(kindsOf(false)).toEqual(['kind-missing', 'number-backwards']);
    expect(kindsOf(true)).toEqual(['kind-missing']);
  });
});

test('the accounts are those that the log gives, by name and in the form of daytrade accounts', () => {
  const { check, report } = checkLines(RIGHT_LOG);
  const accounts = replayedAccounts(check.users);
  if ('notReplayed' in accounts) throw new Error('not replayed');
  const moment = { at: report.to, orderLifetimeMs: 60_000 };
  expect(accounts.map((account) => renderReplayedAccount(account, moment))).toEqual([
    '{"user":"alice","balance":86500,"held":0,"holdings":{"ABC":4,"XYZ":5},"pendingBuys":[],"pendingSells":[],"buyTriggers":{},"sellTriggers":{}}',
    '{"user":"bob","balance":50000,"held":0,"holdings":{},"pendingBuys":[],"pendingSells":[],"buyTriggers":{},"sellTriggers":{}}',
  ]);
});

test('the first findings of a kind are kept, and all are counted; users are listed by their first fault', () => {
  const lines = RIGHT_LOG.map((line) =>
    line.replace(/>(\d+)\.00<\/funds><\/acc/, '>$1.01</funds></acc'),
  );
  const { report } = checkLines(lines, { firstMax: 2 });
  expect(report.findings.map(({ kind, count, first }) => [kind, count, first.length])).toEqual([
    ['account-transaction-wrong', 7, 2],
  ]);
  expect(report.faultyUsers).toEqual({
    count: 2,
    first: [
      {
        user: 'alice',
        line: 4,
        kind: 'account-transaction-wrong',
        balanceByLog: '865.02',
        balanceBySpec: '865.00',
      },
      {
        user: 'bob',
        line: 6,
        kind: 'account-transaction-wrong',
        balanceByLog: '500.01',
        balanceBySpec: '500.00',
      },
    ],
  });
});
