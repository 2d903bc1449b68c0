/** The commands of the users of a run: most make sense, and many do not. */
import type { Random } from '../../producers/workload/random.ts';
import {
  COMMAND_NAMES,
  type CommandName,
  type FieldName,
  type FieldValues,
} from '../../shared/domain/command-catalogue.ts';
import { buildCommand, type Command } from '../../shared/domain/command.ts';
import type { StockSymbol, UserId } from '../../shared/domain/identity.ts';
import { cents, type Cents } from '../../shared/domain/money.ts';

export type ScriptLine = {
  readonly number: number;
  readonly user: UserId;
  readonly command: Command;
};

const USERS = ['ann', 'bob', 'cy', 'dee'] as readonly string[] as readonly UserId[];
const SYMBOLS = ['A', 'BB', 'CCC'] as readonly string[] as readonly StockSymbol[];

/** How often a name is drawn, if not once. A dump needs an audit process. */
const WEIGHTS: Readonly<Partial<Record<CommandName, number>>> = {
  ...{ ADD: 3, QUOTE: 2 },
  ...{ BUY: 6, COMMIT_BUY: 5, SELL: 4, COMMIT_SELL: 3 },
  ...{ SET_BUY_AMOUNT: 3, SET_BUY_TRIGGER: 4, SET_SELL_AMOUNT: 3, SET_SELL_TRIGGER: 4 },
  DUMPLOG: 0,
};
const NAMES = COMMAND_NAMES.flatMap((name) => Array<CommandName>(WEIGHTS[name] ?? 1).fill(name));

/** The most cents of an amount: deposits are large, and sells small. */
const AMOUNT_MOST: Readonly<Partial<Record<CommandName, number>>> = {
  ADD: 200_000,
  SELL: 15_000,
  SET_SELL_AMOUNT: 15_000,
};
const AMOUNT_USUAL = 40_000;
const PRICE_MOST = 4_000;

const OPENING = cents(100_000);

/** Makes lines numbered from `first` on. Most users begin with money. */
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
  const amount = (): Cents => upTo(AMOUNT_MOST[type] ?? AMOUNT_USUAL);
  const draw: { readonly [Field in FieldName]: () => FieldValues[Field] } = {
    symbol: () => symbol,
    amount,
    price: () => upTo(PRICE_MOST),
    file: () => './log',
  };
  return buildCommand(type, (field) => draw[field](), 'user');
}
