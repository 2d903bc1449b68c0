import { describe, expect, test } from '@jest/globals';
import type { Command } from '../../../shared/domain/command.ts';
import { isDumpFileName } from '../../../shared/domain/dump-file.ts';
import { command, Trader, traderWith } from './given.ts';

const dumpAll = (file: string): Command => ({ type: 'DUMPLOG', scope: 'all', file });
const dumpOwn = (file: string): Command => ({ type: 'DUMPLOG', scope: 'user', file });

describe('ADD', () => {
  test('the first one opens the account', () => {
    const trader = new Trader();
    expect(trader.portfolio.opened).toBe(false);
    trader.does('not-asked', command('ADD', 7n));
    expect(trader.portfolio).toMatchObject({ opened: true, balance: 7n });
  });

  test('adds to the balance, exact to the cent', () => {
    const trader = traderWith(899_999_999_999_998n);
    trader.does('not-asked', command('ADD', 1n));
    expect(trader.portfolio.balance).toBe(899_999_999_999_999n);
  });
});

describe('QUOTE', () => {
  test('needs no account, and answers the price that it used', () => {
    const trader = new Trader();
    expect(trader.decides('not-asked', command('QUOTE'))).toEqual({
      type: 'quote-needed',
      symbol: 'ABC',
    });
    expect(trader.decides(1234, command('QUOTE'))).toEqual({
      type: 'accepted',
      events: [],
      usedPrice: 1234n,
    });
  });

  test('is rejected if no price is available', () => {
    expect(new Trader().tries('unavailable', command('QUOTE'))).toBe('quote-unavailable');
  });
});

describe('DISPLAY_SUMMARY', () => {
  test('needs an account, and changes nothing', () => {
    expect(new Trader().tries('not-asked', command('DISPLAY_SUMMARY'))).toBe('account-unknown');
    const trader = traderWith(1n);
    expect(trader.does('not-asked', command('DISPLAY_SUMMARY'))).toEqual([]);
  });
});

describe('DUMPLOG', () => {
  test("a user's own log needs neither an account nor an administrator", () => {
    const trader = new Trader();
    const notOne = { administrator: false };
    expect(trader.tries('not-asked', dumpOwn('./log'), notOne)).toBe('accepted');
  });

  test('the whole log is for administrators', () => {
    const trader = traderWith(1n);
    expect(trader.tries('not-asked', dumpAll('./log'))).toBe('accepted');
    const rejection = trader.tries('not-asked', dumpAll('./log'), { administrator: false });
    expect(rejection).toBe('not-administrator');
  });

  test.each([dumpAll, dumpOwn])('a file outside the dump folder is refused', (dump) => {
    expect(new Trader().tries('not-asked', dump('../log'))).toBe('file-name-invalid');
  });

  test.each([
    ...[
      'log',
      './log',
      'a/b/log.xml',
      './a/../log',
      'a/./b',
      'x..y',
      '...',
      'é',
      'a\\b',
      '\u{1f4c8}',
    ],
    ...['x'.repeat(200), 'é'.repeat(100), `${'é'.repeat(100)}/`.repeat(4) + 'x'.repeat(196)],
  ])('%j stays inside the folder', (name) => {
    expect(isDumpFileName(name)).toBe(true);
  });

  test.each([
    ...['', '.', '..', './', 'a/', 'a/..', 'a/.', '/log', '/', '../log', 'a/../../log'],
    ...['./../log', 'a\nb', 'a\0b', 'a\u007f', 'a\u0085', 'a/../b/../../dumps/log'],
    ...['\ud800', 'a\udc00b', '\udc00\ud800', 'x'.repeat(201), `${'é'.repeat(101)}/x`],
    `${'é'.repeat(100)}/`.repeat(5),
    `${'é'.repeat(100)}/`.repeat(4) + 'x'.repeat(197),
  ])('%j does not, or is no file', (name) => {
    expect(isDumpFileName(name)).toBe(false);
  });
});
