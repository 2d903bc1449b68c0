import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Question } from '../../../consumers/quote/legacy-quote.ts';
import { parseQuoteAnswer } from '../../../consumers/quote/parse-quote-answer.ts';
import { parseSymbol, parseUserId } from '../../../shared/domain/identity.ts';
import { BALANCE_MAX, cents, renderDollars } from '../../../shared/domain/money.ts';

const KEY = 'IRrR7UeTO35kSWUgG0QJKmB35sL27FKM7AVhP5qpjCgmWQeXFJs35g==';

const question = (): Question => {
  const [symbol, user] = [parseSymbol('ABC'), parseUserId('alice')];
  if (symbol === undefined || user === undefined) throw new TypeError('not a question');
  return { symbol, user };
};
const reasonFor = (line: string): string => {
  const answer = parseQuoteAnswer(line, question());
  return answer.ok ? 'a quote' : answer.reason;
};

describe('an answer of the legacy server', () => {
  test('is read exactly', () => {
    expect(parseQuoteAnswer(`123.45,ABC,alice,1764000000000,${KEY}`, question())).toEqual({
      ok: true,
      quote: {
        ...question(),
        price: cents(12_345),
        serverTime: 1_764_000_000_000,
        cryptokey: KEY,
      },
    });
  });

  test.each([
    ['12', 1_200n],
    ['12.5', 1_250n],
    ['012.50', 1_250n],
    ['0.01', 1n],
    [renderDollars(BALANCE_MAX), BALANCE_MAX],
  ])('may give its price as %s', (text, price) => {
    const answer = parseQuoteAnswer(`${text},ABC,alice,1,k`, question());
    expect(answer).toMatchObject({ ok: true, quote: { price } });
  });

  test.each(['\r', ' ', ' \t\r'])('may end in white space', (end) => {
    expect(reasonFor(`1.00,ABC,alice,1,${KEY}${end}`)).toBe('a quote');
  });

  test.each([
    ['', 'not-a-quote'],
    ['hello', 'not-a-quote'],
    ['1.00,ABC,alice,1', 'not-a-quote'],
    ['1.00,ABC,alice,1,key,more', 'not-a-quote'],
    ['1.00,ABD,alice,1,key', 'wrong-symbol'],
    ['1.00,abc,alice,1,key', 'wrong-symbol'],
    ['1.00, ABC,alice,1,key', 'wrong-symbol'],
    ['1.00,ABC,bob,1,key', 'wrong-user'],
    ['1.00,ABC,Alice,1,key', 'wrong-user'],
    ['-1.00,ABC,alice,1,key', 'price-not-positive'],
    ['-12,ABC,alice,1,key', 'price-not-positive'],
    ['0,ABC,alice,1,key', 'price-not-positive'],
    ['0.00,ABC,alice,1,key', 'price-not-positive'],
    ['9000000000000.01,ABC,alice,1,key', 'price-too-high'],
    [`${'9'.repeat(900)},ABC,alice,1,key`, 'price-too-high'],
    ['1.005,ABC,alice,1,key', 'price-unreadable'],
    ['1e3,ABC,alice,1,key', 'price-unreadable'],
    ['NaN,ABC,alice,1,key', 'price-unreadable'],
    ['+1,ABC,alice,1,key', 'price-unreadable'],
    ['.5,ABC,alice,1,key', 'price-unreadable'],
    [',ABC,alice,1,key', 'price-unreadable'],
    [' 1.00,ABC,alice,1,key', 'price-unreadable'],
    ['١,ABC,alice,1,key', 'price-unreadable'],
    ['1.00,ABC,alice,,key', 'time-unreadable'],
    ['1.00,ABC,alice,0,key', 'time-unreadable'],
    ['1.00,ABC,alice,-1,key', 'time-unreadable'],
    ['1.00,ABC,alice,1.5,key', 'time-unreadable'],
    ['1.00,ABC,alice,9007199254740992,key', 'time-unreadable'],
    ['1.00,ABC,alice,1,', 'key-unreadable'],
    ['1.00,ABC,alice,1,a b', 'key-unreadable'],
    ['1.00,ABC,alice,1,\u0001', 'key-unreadable'],
    [`1.00,ABC,alice,1,${'k'.repeat(257)}`, 'key-unreadable'],
  ])('%j is refused as %s', (line, reason) => {
    expect(reasonFor(line)).toBe(reason);
  });

  test('is always a quote within all bounds, or a reason', () => {
    const field = (...valid: readonly string[]): fc.Arbitrary<string> =>
      fc.oneof(fc.constantFrom(...valid), fc.string(), fc.string({ unit: 'binary' }));
    const line = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 2_000 }),
      fc
        .tuple(
          fc.oneof(field('1.00', '-1', '0', '12.5'), fc.double().map(String)),
          field('ABC', 'ABD'),
          field('alice', 'bob'),
          fc.oneof(field('1764000000000', '0'), fc.maxSafeInteger().map(String)),
          field(KEY, ''),
        )
        .map((fields) => fields.join(',')),
    );
    fc.assert(
      fc.property(line, (text) => {
        const answer = parseQuoteAnswer(text, question());
        if (!answer.ok) return answer.reason.length > 0;
        const { price, serverTime, cryptokey, symbol, user } = answer.quote;
        const rest = text.split(',').slice(1).join(',').trimEnd();
        expect(rest).toBe(`${symbol},${user},${serverTime},${cryptokey}`);
        return price > 0n && price <= BALANCE_MAX && Number.isSafeInteger(serverTime);
      }),
      { numRuns: 3_000 },
    );
  });
});
