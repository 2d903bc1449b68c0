/** The tempers of the people of the demo: what each does next, from what the person knows. Pure. */
import type { Random } from '../../producers/workload/random.ts';
import type { Memory } from './memory.ts';
import {
  askPrice,
  between,
  buy,
  asDollars,
  afterAWhile,
  oneOf,
  oneShare,
  owned,
  pickStock,
  sell,
  soon,
  stake,
  step,
  withKnownPrice,
  type DemoStep,
} from './steps.ts';

/** Returns the next steps, which the person takes before thinking again. Never empty. */
type Plan = (memory: Memory, random: Random) => readonly DemoStep[];

type Temper = {
  /** Describes the person on the screen. */
  readonly title: string;
  /** The deposit of the first command, and of each later one, in cents. */
  readonly deposit: number;
  readonly plan: Plan;
};

/** Buys and sells without much thought, and confirms at once. */
const tradeOften: Plan = (memory, random) => {
  const mine = owned(memory);
  const isSeller = mine.length > 0 && random.below(2) === 0;
  const symbol = isSeller ? oneOf(random, mine) : pickStock(memory, random);
  const then = (price: number): readonly DemoStep[] => {
    const worth = (memory.shares.get(symbol) ?? 0) * price * 0.98;
    return isSeller
      ? [
          sell(symbol, Math.max(oneShare(price), worth / 2), soon(random)),
          step(soon(random), { command: 'COMMIT_SELL' }),
        ]
      : [
          buy(symbol, stake(memory, price, random), soon(random)),
          step(soon(random), { command: 'COMMIT_BUY' }),
        ];
  };
  return withKnownPrice(symbol, memory, { random, then });
};

/** The most triggers of a person, who then cancels the oldest, even if it has fired meanwhile. */
const TRIGGERS_MAX = 3;

/** Draws the distance of a trigger from the price, as a share of it: two of three fire within a minute or so. */
const distance = (random: Random): number =>
  (random.below(3) === 0 ? between(random, 200, 500) : between(random, 10, 80)) / 10_000;

const cancelOldest = (
  { armed }: Memory,
  random: Random,
  command: 'CANCEL_SET_BUY' | 'CANCEL_SET_SELL',
): readonly DemoStep[] => {
  const [symbol] = armed;
  if (symbol === undefined || armed.length < TRIGGERS_MAX) return [];
  return [step(afterAWhile(random), { command, symbol })];
};

/** Waits for a lower price by triggers, and takes one back now and then. */
const waitForLess: Plan = (memory, random) => {
  const symbol = pickStock(memory, random);
  const then = (price: number): readonly DemoStep[] => {
    const limit = price * (1 - distance(random));
    const amount = asDollars(stake(memory, price, random));
    return [
      ...cancelOldest(memory, random, 'CANCEL_SET_BUY'),
      step(soon(random), { command: 'SET_BUY_AMOUNT', symbol, amount }),
      step(soon(random), { command: 'SET_BUY_TRIGGER', symbol, price: asDollars(limit) }),
      askPrice(symbol, random),
    ];
  };
  return withKnownPrice(symbol, memory, { random, then });
};

/** Buys, and lets a trigger sell as soon as there is a profit. */
const takeProfits: Plan = (memory, random) => {
  const mine = owned(memory).filter((symbol) => !memory.armed.includes(symbol));
  const symbol = mine.length > 0 ? oneOf(random, mine) : pickStock(memory, random);
  const then = (price: number): readonly DemoStep[] => {
    if (mine.length === 0) {
      return [
        buy(symbol, stake(memory, price * 2, random), soon(random)),
        step(soon(random), { command: 'COMMIT_BUY' }),
      ];
    }
    const limit = price * (1 + distance(random));
    const half = Math.max(1, Math.floor((memory.shares.get(symbol) ?? 0) / 2));
    return [
      ...cancelOldest(memory, random, 'CANCEL_SET_SELL'),
      step(soon(random), { command: 'SET_SELL_AMOUNT', symbol, amount: asDollars(limit * half) }),
      step(soon(random), { command: 'SET_SELL_TRIGGER', symbol, price: asDollars(limit) }),
      step(afterAWhile(random), { command: 'DISPLAY_SUMMARY' }),
    ];
  };
  return withKnownPrice(symbol, memory, { random, then });
};

/** Places orders and never confirms them, so that each expires. */
const forget: Plan = (memory, random) => {
  const symbol = pickStock(memory, random);
  const then = (price: number): readonly DemoStep[] => [
    buy(symbol, oneShare(price), soon(random)),
    step(afterAWhile(random), { command: 'DISPLAY_SUMMARY' }),
  ];
  return withKnownPrice(symbol, memory, { random, then });
};

/** Takes most orders back before the minute is over. */
const waver: Plan = (memory, random) => {
  const mine = owned(memory);
  const isSeller = mine.length > 0 && random.below(2) === 0;
  const symbol = isSeller ? oneOf(random, mine) : pickStock(memory, random);
  const isSure = random.below(4) === 0 || mine.length === 0;
  const then = (price: number): readonly DemoStep[] =>
    isSeller
      ? [
          sell(symbol, oneShare(price), soon(random)),
          step(afterAWhile(random), { command: 'CANCEL_SELL' }),
        ]
      : [
          buy(symbol, oneShare(price), soon(random)),
          step(afterAWhile(random), { command: isSure ? 'COMMIT_BUY' : 'CANCEL_BUY' }),
        ];
  return withKnownPrice(symbol, memory, { random, then });
};

/** Wants more than the account holds, again and again. */
const overreach: Plan = (memory, random) => {
  const symbol = pickStock(memory, random);
  const then = (price: number): readonly DemoStep[] => {
    const isModest = random.below(3) === 0;
    const wanted = isModest ? oneShare(price) : (memory.cash ?? 0) + price * between(random, 1, 3);
    return [
      buy(symbol, wanted, afterAWhile(random)),
      ...(isModest ? [step(soon(random), { command: 'COMMIT_BUY' as const })] : []),
    ];
  };
  return withKnownPrice(symbol, memory, { random, then });
};

export type TemperName = 'impatient' | 'patient' | 'prudent' | 'forgetful' | 'wavering' | 'broke';

export const TEMPERS: Readonly<Record<TemperName, Temper>> = {
  impatient: { title: 'an impatient day trader', deposit: 20_000_00, plan: tradeOften },
  patient: { title: 'a patient buyer with triggers', deposit: 30_000_00, plan: waitForLess },
  prudent: { title: 'takes profits by triggers', deposit: 20_000_00, plan: takeProfits },
  forgetful: { title: 'forgets to confirm', deposit: 15_000_00, plan: forget },
  wavering: { title: 'cancels most orders', deposit: 15_000_00, plan: waver },
  broke: { title: 'runs short of money', deposit: 900_00, plan: overreach },
};

/** Returns a deposit first, and after about half of the refusals for lack of money; else what the temper does. */
export function planOf(name: TemperName, memory: Memory, random: Random): readonly DemoStep[] {
  const { deposit, plan } = TEMPERS[name];
  const isShort = memory.lastRefusal === 'insufficient-funds' && random.below(2) === 0;
  if (memory.cash !== undefined && !isShort) return plan(memory, random);
  // The first deposits spread over two seconds.
  const afterMs = memory.cash === undefined ? random.below(2_000) : soon(random);
  return [step(afterMs, { command: 'ADD', amount: asDollars(deposit) })];
}
