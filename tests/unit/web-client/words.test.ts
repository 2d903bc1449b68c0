import { describe, expect, test } from '@jest/globals';
import { REJECTIONS } from '../../../shared/domain/rejection.ts';
import {
  checkNewPassword,
  checkUserName,
} from '../../../producers/web/client/src/pure/check-credentials.ts';
import { describeBrowser } from '../../../producers/web/client/src/pure/describe-browser.ts';
import { describeDone } from '../../../producers/web/client/src/pure/describe-done.ts';
import {
  describeFiring,
  labelOfCommand,
  labelOfEntry,
} from '../../../producers/web/client/src/pure/describe-entry.ts';
import {
  checkPlan,
  describeEnded,
  describePlan,
  describeTrigger,
} from '../../../producers/web/client/src/pure/describe-trigger.ts';
import { describeWebEvent } from '../../../producers/web/client/src/pure/describe-web-event.ts';
import {
  explainReason,
  explainRejection,
} from '../../../producers/web/client/src/pure/explain-rejection.ts';

const rejected = (code: string, message = 'as the server says it') =>
  ({ number: 7, outcome: 'rejected', code, message }) as const;
const BUY = { command: 'BUY', symbol: 'abc', amount: '5.00' } as const;

/** What the form never sends; the server's own words do for these. */
const NOT_FROM_HERE = ['unreadable', 'file-name-invalid'];

describe('why a command was refused', () => {
  test.each(REJECTIONS.filter((code) => !NOT_FROM_HERE.includes(code)))(
    '%s is said in a trader’s words',
    (code) => {
      expect(explainRejection(rejected(code), BUY)).not.toMatch(/server says/i);
    },
  );

  test('the stock is named, upper-case', () => {
    expect(explainRejection(rejected('amount-below-price'), BUY)).toBe(
      'That is less than one ABC share. Enter a larger amount.',
    );
  });

  test('the log’s reason is told alike', () => {
    const given = { command: 'SELL', symbol: 'ABC' };
    expect(explainReason('no-shares: no shares available', given)).toBe(
      'You have no ABC shares available to sell.',
    );
    expect(explainReason('amount is not valid: "-5"', given)).toBe('Amount is not valid: "-5".');
  });

  test('a code that is new to this page is told as the server does', () => {
    expect(explainRejection(rejected('market-closed'), BUY)).toBe('As the server says it.');
  });
});

describe('a trigger in a sentence', () => {
  const plan = { side: 'buy', symbol: 'ABC', amount: 50_000, price: 2_500 } as const;

  test('says what it will do, and when', () => {
    expect(describePlan(plan)).toMatch(/^When ABC costs \$25\.00 or less, buy 20 shares or more/);
    expect(describePlan({ ...plan, side: 'sell' })).toBe(
      'When ABC costs $25.00 or more, sell 20 shares at the price it has then.',
    );
  });

  test('says that the amount is too small for the price', () => {
    expect(checkPlan({ ...plan, amount: 100 })).toBe('$1.00 is less than one share at $25.00.');
  });

  test('says no more where the amount is that of a share', () => {
    expect(checkPlan({ ...plan, amount: 2_500 })).toBeUndefined();
    expect(checkPlan({ ...plan, side: 'sell' })).toBeUndefined();
  });

  test('one that is set says what it still needs', () => {
    const set = { ...plan, state: 'set', price: null, shares: null } as const;
    expect(describeTrigger(set)).toBe('$500.00 is set aside to buy ABC. Set a price to arm it.');
  });

  test('one that is armed or gone says what it does or did', () => {
    const armed = { ...plan, side: 'sell', state: 'armed', shares: 20 } as const;
    expect(describeTrigger(armed)).toBe('Sells 20 shares when ABC costs $25.00 or more.');
    const ended = { at: 0, number: 1, symbol: 'ABC', side: 'sell', traded: 0 } as const;
    expect(describeEnded({ ...ended, state: 'fired', price: 2_600, shares: 1 })).toBe(
      'Sold 1 share of ABC at $26.00.',
    );
    expect(describeEnded({ ...ended, state: 'cancelled', price: null, shares: 0 })).toBe(
      'The ABC sell trigger was cancelled.',
    );
  });

  test('its firing is told with what was traded', () => {
    const entry = {
      of: 'ledger',
      id: '1',
      at: 0,
      number: 9,
      symbol: 'ABC',
      price: 2_600,
      balance: 52_000,
      balanceAfter: 60_000,
      reserve: 0,
    } as const;
    const sold = { ...entry, type: 'SellTriggerFired', shares: 0, reservedShares: -20 };
    expect(describeFiring(sold)).toBe('Sold 20 shares of ABC at $26.00.');
    const bought = { ...entry, type: 'BuyTriggerFired', shares: 3, reservedShares: 0 };
    expect(describeFiring(bought)).toBe('Bought 3 shares of ABC at $26.00.');
  });
});

test('a commit is told with what was traded, a quote is not told', () => {
  const order = {
    side: 'buy',
    symbol: 'ABC',
    shares: 2,
    price: 2_500,
    cost: 5_000,
    placedAt: 0,
    expiresAt: 0,
  } as const;
  const accepted = { number: 3, outcome: 'accepted' } as const;
  expect(describeDone({ command: 'COMMIT_BUY' }, { ...accepted, order })).toEqual({
    title: 'Bought 2 shares of ABC',
    detail: 'At $25.00 each, $50.00 in all.',
  });
  expect(describeDone({ command: 'QUOTE', symbol: 'ABC' }, accepted)).toBeUndefined();
});

test('names of the ledger and of commands are words, unknown ones too', () => {
  expect(labelOfEntry('BuyCommitted')).toBe('Bought');
  expect(labelOfEntry('DividendPaid')).toBe('Dividend Paid');
  expect(labelOfCommand('SET_BUY_AMOUNT')).toBe('Set buy amount');
});

test('a browser is named as its owner would', () => {
  const agent = 'Mozilla/5.0 (Windows NT 10.0) AppleWebKit Chrome/120 Safari/537 Edg/120';
  expect(describeBrowser(agent)).toBe('Edge on Windows');
  expect(describeBrowser('')).toBe('A program');
});

test('credentials are checked before the server is asked', () => {
  expect(checkUserName('maria_1.x-Y')).toBeUndefined();
  expect(checkUserName('maria smith')).toMatch(/1 to 64 letters/);
  expect(checkNewPassword('a'.repeat(9))).toMatch(/10 to 200/);
  expect(checkNewPassword('a'.repeat(10))).toBeUndefined();
});

describe('what was done with accounts, in a sentence', () => {
  const entry = {
    id: '1',
    at: 0,
    event: 'user-handed-out',
    user: 'bob',
    address: '::1',
    detail: null,
  };

  test('says who did it to whom', () => {
    expect(describeWebEvent({ ...entry, actor: 'operator' })).toBe('operator handed out bob');
    expect(describeWebEvent({ ...entry, actor: null })).toBe('The command line handed out bob');
  });

  test('says what was refused, and to whom', () => {
    const refused = { ...entry, event: 'refused', user: null, detail: 'GET /x: forbidden' };
    expect(describeWebEvent({ ...refused, actor: 'bob' })).toBe(
      'bob was refused GET /x: forbidden',
    );
    expect(describeWebEvent({ ...refused, actor: null })).toMatch(/not signed in was refused/);
  });

  test('says which role somebody got', () => {
    const change = { ...entry, event: 'role-changed', actor: 'operator', detail: 'trader' };
    expect(describeWebEvent(change)).toBe('operator made bob a trader');
  });

  test('an event that is new to this page is shown as it is', () => {
    expect(describeWebEvent({ ...entry, actor: null, event: 'key-turned' })).toBe('key-turned');
  });
});
