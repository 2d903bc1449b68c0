/** What the users of a run ask for: mostly what makes sense, and often what does not. */
import type { Random } from '../../producers/workload/random.ts';
import type { Command } from '../../shared/domain/command.ts';
import type { StockSymbol, UserId } from '../../shared/domain/identity.ts';
import { cents, type Cents } from '../../shared/domain/money.ts';

export type ScriptLine = {
  readonly number: number;
  readonly user: UserId;
  readonly command: Command;
};

const USERS = ['ann', 'bob', 'cy', 'dee'] as readonly string[] as readonly UserId[];
const SYMBOLS = ['A', 'BB', 'CCC'] as readonly string[] as readonly StockSymbol[];

/** Names are repeated as often as they are to be likely. */
const NAMES: readonly Command['type'][] = [
  ...Array<'ADD'>(3).fill('ADD'),
  ...Array<'QUOTE'>(2).fill('QUOTE'),
  ...Array<'BUY'>(6).fill('BUY'),
  ...Array<'COMMIT_BUY'>(5).fill('COMMIT_BUY'),
  'CANCEL_BUY',
  ...Array<'SELL'>(4).fill('SELL'),
  ...Array<'COMMIT_SELL'>(3).fill('COMMIT_SELL'),
  'CANCEL_SELL',
  ...Array<'SET_BUY_AMOUNT'>(3).fill('SET_BUY_AMOUNT'),
  ...Array<'SET_BUY_TRIGGER'>(4).fill('SET_BUY_TRIGGER'),
  'CANCEL_SET_BUY',
  ...Array<'SET_SELL_AMOUNT'>(3).fill('SET_SELL_AMOUNT'),
  ...Array<'SET_SELL_TRIGGER'>(4).fill('SET_SELL_TRIGGER'),
  'CANCEL_SET_SELL',
  'DISPLAY_SUMMARY',
];

const OPENING = cents(100_000);

/** Lines with the numbers from `first` on; most users begin with money. */
export function writeScript(
  random: Random,
  { first, count }: { readonly first: number; readonly count: number },
): readonly ScriptLine[] {
  return Array.from({ length: count }, (_, index) => {
    const user = USERS[index < USERS.length ? index : random.below(USERS.length)] ?? USERS[0];
    if (user === undefined) throw new RangeError('there are no users');
    const isOpening = index < USERS.length && random.below(4) > 0;
    const command = isOpening ? ({ type: 'ADD', amount: OPENING } as const) : drawCommand(random);
    return { number: first + index, user, command };
  });
}

function drawCommand(random: Random): Command {
  const type = NAMES[random.below(NAMES.length)] ?? 'ADD';
  const symbol = SYMBOLS[random.below(SYMBOLS.length)] ?? ('A' as StockSymbol);
  const upTo = (most: number): Cents => cents(1 + random.below(most));
  switch (type) {
    case 'ADD':
      return { type, amount: upTo(200_000) };
    case 'QUOTE':
    case 'CANCEL_SET_BUY':
    case 'CANCEL_SET_SELL':
      return { type, symbol };
    case 'BUY':
    case 'SET_BUY_AMOUNT':
      return { type, symbol, amount: upTo(40_000) };
    case 'SELL':
    case 'SET_SELL_AMOUNT':
      return { type, symbol, amount: upTo(15_000) };
    case 'SET_BUY_TRIGGER':
    case 'SET_SELL_TRIGGER':
      return { type, symbol, price: upTo(4_000) };
    case 'DUMPLOG':
      return { type, file: './log', scope: 'user' };
    case 'COMMIT_BUY':
    case 'CANCEL_BUY':
    case 'COMMIT_SELL':
    case 'CANCEL_SELL':
    case 'DISPLAY_SUMMARY':
      return { type };
  }
}
