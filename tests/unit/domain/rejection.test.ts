import { describe, expect, test } from '@jest/globals';
import type { CommandName } from '../../../shared/domain/command-catalogue.ts';
import type { Context } from '../../../shared/domain/decision.ts';
import { BALANCE_MAX } from '../../../shared/domain/money.ts';
import { describeRejection, REJECTIONS } from '../../../shared/domain/rejection.ts';
import { later } from '../../../shared/domain/time.ts';
import { command, ownerOf, Trader, traderWith, XYZ, type Doable, type Price } from './given.ts';

/** The state in which a command is tried. All its faults exist at once. */
type Situation = {
  readonly trader?: Trader;
  readonly price?: Price;
  readonly change?: Partial<Context>;
  readonly tried?: Doable;
};

/**
 * Situations from every fault to none: each repairs the fault for which the one before was rejected, and
 * still has all the later faults of the chain.
 */
type Chain = {
  readonly tried: Doable;
  readonly situations: readonly (readonly [expected: string, Situation])[];
};

const LATE: Partial<Context> = { deadline: later(new Trader().now, -1) };
const NO_QUOTE = 'unavailable';

function doing(trader: Trader, price: Price, ...commands: readonly Doable[]): Trader {
  trader.does(price, ...commands);
  return trader;
}

function full(trader: Trader): Trader {
  return doing(trader, 1, command('ADD', BALANCE_MAX - trader.portfolio.balance));
}

const withBuyReserve = (reserve: bigint): Trader =>
  doing(traderWith(100_00n), 1, command('SET_BUY_AMOUNT', reserve));
const withSellAmount = (shares: bigint, amount: bigint): Trader =>
  doing(ownerOf(shares), 1, command('SET_SELL_AMOUNT', amount));

const UNREADABLE: Doable = { type: 'UNREADABLE', name: 'BUY', reason: 'no amount' };
const dumpAll = (file: string): Doable => ({ type: 'DUMPLOG', scope: 'all', file });

const ofPendingBuy = (type: 'COMMIT_BUY' | 'CANCEL_BUY'): Chain => ({
  tried: command(type),
  situations: [
    ['too-late', { change: LATE }],
    ['account-unknown', {}],
    ['no-pending-buy', { trader: traderWith(1n) }],
    ['accepted', { trader: doing(traderWith(1n), 1, command('BUY', 1n)) }],
  ],
});

const CHAINS: Readonly<Record<CommandName | 'UNREADABLE', Chain>> = {
  UNREADABLE: {
    tried: UNREADABLE,
    situations: [
      ['unreadable', { change: LATE }],
      ['unreadable', {}],
    ],
  },
  ADD: {
    tried: command('ADD', 1n),
    situations: [
      ['too-late', { trader: full(traderWith(1n)), change: LATE }],
      ['balance-limit', { trader: full(traderWith(1n)) }],
      ['accepted', {}],
    ],
  },
  QUOTE: {
    tried: command('QUOTE'),
    situations: [
      ['too-late', { price: NO_QUOTE, change: LATE }],
      ['quote-unavailable', { price: NO_QUOTE }],
      ['accepted', { price: 1 }],
    ],
  },
  BUY: {
    tried: command('BUY', 10_00n),
    situations: [
      ['too-late', { price: NO_QUOTE, change: LATE }],
      ['account-unknown', { price: NO_QUOTE }],
      ['insufficient-funds', { trader: traderWith(9_99n), price: NO_QUOTE }],
      ['quote-unavailable', { trader: traderWith(10_00n), price: NO_QUOTE }],
      ['amount-below-price', { trader: traderWith(10_00n), price: 10_01 }],
      ['accepted', { trader: traderWith(10_00n), price: 10_00 }],
    ],
  },
  COMMIT_BUY: ofPendingBuy('COMMIT_BUY'),
  CANCEL_BUY: ofPendingBuy('CANCEL_BUY'),
  SELL: {
    tried: command('SELL', 10_00n),
    situations: [
      ['too-late', { price: NO_QUOTE, change: LATE }],
      ['account-unknown', { price: NO_QUOTE }],
      ['no-shares', { trader: traderWith(1n), price: NO_QUOTE }],
      ['quote-unavailable', { trader: ownerOf(1n), price: NO_QUOTE }],
      ['amount-below-price', { trader: ownerOf(1n), price: 10_01 }],
      ['insufficient-shares', { trader: ownerOf(1n), price: 5_00 }],
      ['accepted', { trader: ownerOf(2n), price: 5_00 }],
    ],
  },
  COMMIT_SELL: {
    tried: command('COMMIT_SELL'),
    situations: [
      ['too-late', { change: LATE }],
      ['account-unknown', {}],
      ['no-pending-sell', { trader: full(ownerOf(1n)) }],
      ['balance-limit', { trader: full(doing(ownerOf(1n), 1, command('SELL', 1n))) }],
      ['accepted', { trader: doing(ownerOf(1n), 1, command('SELL', 1n)) }],
    ],
  },
  CANCEL_SELL: {
    tried: command('CANCEL_SELL'),
    situations: [
      ['too-late', { change: LATE }],
      ['account-unknown', {}],
      ['no-pending-sell', { trader: ownerOf(1n) }],
      ['accepted', { trader: doing(ownerOf(1n), 1, command('SELL', 1n)) }],
    ],
  },
  SET_BUY_AMOUNT: {
    tried: command('SET_BUY_AMOUNT', 10_00n),
    situations: [
      ['too-late', { change: LATE }],
      ['account-unknown', {}],
      ['insufficient-funds', { trader: traderWith(9_99n) }],
      ['balance-limit', { trader: full(withBuyReserve(20_00n)) }],
      ['accepted', { trader: withBuyReserve(20_00n) }],
    ],
  },
  SET_BUY_TRIGGER: {
    // Checks that need no quote come before those that do, in spite of the list (SPEC 3.1).
    tried: command('SET_BUY_TRIGGER', 10_00n),
    situations: [
      ['too-late', { price: NO_QUOTE, change: LATE }],
      ['account-unknown', { price: NO_QUOTE }],
      ['no-buy-amount', { trader: traderWith(1n), price: NO_QUOTE }],
      ['amount-below-price', { trader: full(withBuyReserve(9_99n)), price: NO_QUOTE }],
      ['quote-unavailable', { trader: full(withBuyReserve(10_00n)), price: NO_QUOTE }],
      ['balance-limit', { trader: full(withBuyReserve(10_00n)), price: 3_00 }],
      ['accepted', { trader: withBuyReserve(10_00n), price: 3_00 }],
    ],
  },
  CANCEL_SET_BUY: {
    tried: command('CANCEL_SET_BUY'),
    situations: [
      ['too-late', { change: LATE }],
      ['account-unknown', {}],
      ['no-buy-amount', { trader: full(traderWith(1n)) }],
      ['balance-limit', { trader: full(withBuyReserve(1n)) }],
      ['accepted', { trader: withBuyReserve(1n) }],
    ],
  },
  SET_SELL_AMOUNT: {
    tried: command('SET_SELL_AMOUNT', 1n),
    situations: [
      ['too-late', { change: LATE }],
      ['account-unknown', {}],
      ['no-shares', { trader: traderWith(1n) }],
      ['accepted', { trader: ownerOf(1n) }],
    ],
  },
  SET_SELL_TRIGGER: {
    tried: command('SET_SELL_TRIGGER', 10_00n),
    situations: [
      ['too-late', { price: NO_QUOTE, change: LATE }],
      ['account-unknown', { price: NO_QUOTE }],
      ['no-sell-amount', { trader: ownerOf(1n), price: NO_QUOTE }],
      ['amount-below-price', { trader: full(withSellAmount(1n, 9_99n)), price: NO_QUOTE }],
      ['insufficient-shares', { trader: full(withSellAmount(1n, 20_00n)), price: NO_QUOTE }],
      ['quote-unavailable', { trader: full(withSellAmount(2n, 20_00n)), price: NO_QUOTE }],
      ['balance-limit', { trader: full(withSellAmount(2n, 20_00n)), price: 10_00 }],
      ['accepted', { trader: withSellAmount(2n, 20_00n), price: 10_00 }],
    ],
  },
  CANCEL_SET_SELL: {
    tried: command('CANCEL_SET_SELL'),
    situations: [
      ['too-late', { change: LATE }],
      ['account-unknown', {}],
      ['no-sell-amount', { trader: ownerOf(1n) }],
      ['accepted', { trader: withSellAmount(1n, 1n) }],
    ],
  },
  DISPLAY_SUMMARY: {
    tried: command('DISPLAY_SUMMARY'),
    situations: [
      ['too-late', { change: LATE }],
      ['account-unknown', {}],
      ['accepted', { trader: traderWith(1n) }],
    ],
  },
  DUMPLOG: {
    tried: dumpAll('../log'),
    situations: [
      ['too-late', { change: { ...LATE, administrator: false } }],
      ['not-administrator', { change: { administrator: false } }],
      ['file-name-invalid', {}],
      ['accepted', { tried: dumpAll('log') }],
    ],
  },
};

const rows = Object.values(CHAINS).flatMap(({ tried, situations }) =>
  situations.map(([expected, situation]) => ({ type: tried.type, tried, expected, situation })),
);

/** The caller gives these, not `decide`: the command broke an invariant and was rolled back. */
const BY_THE_SHELL = ['internal'];

describe('if several rejections apply, the first is given', () => {
  test.each(rows)('$type: $expected', ({ tried, expected, situation }) => {
    const { trader = new Trader(), price = 'not-asked', change = {} } = situation;
    expect(trader.tries(price, situation.tried ?? tried, change)).toBe(expected);
  });

  test.each(Object.values(CHAINS))(
    '$tried.type refuses in the order of the list',
    ({ tried, situations }) => {
      const given = [...new Set(situations.map(([expected]) => expected))];
      const listed = [...REJECTIONS, 'accepted'].filter((rejection) => given.includes(rejection));
      const needsNoQuoteFirst =
        tried.type === 'SET_BUY_TRIGGER' || tried.type === 'SET_SELL_TRIGGER';
      expect(given).toEqual(needsNoQuoteFirst ? withQuoteLast(listed) : listed);
    },
  );

  test('every rejection of the list is walked', () => {
    const walked = new Set(rows.map(({ expected }) => expected));
    const missing = REJECTIONS.filter((rejection) => !walked.has(rejection));
    expect(missing).toEqual(BY_THE_SHELL);
  });
});

/** Moves the rejections that need a quote to the end, because the quote is requested last. */
const withQuoteLast = (listed: readonly string[]): readonly string[] => [
  ...listed.filter((each) => !['quote-unavailable', 'balance-limit', 'accepted'].includes(each)),
  ...['quote-unavailable', 'balance-limit', 'accepted'],
];

describe('a deadline', () => {
  test('is met at exactly its instant, and missed after it', () => {
    const trader = traderWith(1n);
    const { now } = trader;
    const summary = command('DISPLAY_SUMMARY');
    expect(trader.tries(1, summary, { deadline: now })).toBe('accepted');
    expect(trader.tries(1, summary, { deadline: later(now, -1) })).toBe('too-late');
  });

  test('if missed, causes no request to the quote server', () => {
    expect(new Trader().tries('not-asked', command('QUOTE', 0n, XYZ), LATE)).toBe('too-late');
  });
});

test('every rejection has a sentence of its own', () => {
  const sentences = REJECTIONS.map(describeRejection);
  expect(new Set(sentences).size).toBe(REJECTIONS.length);
  expect(sentences.every((sentence) => sentence.length > 0)).toBe(true);
});
