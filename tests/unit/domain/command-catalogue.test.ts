/** The entries of the catalogue are true of the rules. */
import { describe, expect, test } from '@jest/globals';
import { COMMAND_NAMES, entryOf } from '../../../shared/domain/command-catalogue.ts';
import { command, Trader, traderWith } from './given.ts';

describe.each(COMMAND_NAMES)('%s', (name) => {
  const { fields, needsAccount, needsQuote, touches } = entryOf(name);

  test('begins with its user, and names each field once', () => {
    expect(fields[0]).toMatch(/^user\??$/);
    expect(new Set(fields).size).toBe(fields.length);
  });

  test('has a symbol if it needs its price or touches its holding', () => {
    const isOfSymbol = needsQuote || touches === 'symbol';
    expect(!isOfSymbol || fields.includes('symbol')).toBe(true);
  });

  test('is refused without an account only if it needs one', () => {
    const isRefused = new Trader().tries('not-asked', command(name, 1n)) === 'account-unknown';
    expect(isRefused).toBe(needsAccount);
  });

  test('does what it means without a price, unless it needs one', () => {
    const tried = traderWith(100_00n).tries('not-asked', command(name, 1n));
    expect(needsQuote || tried !== 'quote-needed').toBe(true);
  });
});
