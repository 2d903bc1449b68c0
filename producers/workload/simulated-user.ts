/** One user of a generated workload, with only the state on which the next command depends. */
import type { CommandOf } from '../../shared/domain/command.ts';
import type { StockSymbol } from '../../shared/domain/identity.ts';
import { cents, type Cents } from '../../shared/domain/money.ts';
import { drawAmount, drawDeposit, drawFavourite, drawSymbol } from './draw-values.ts';
import { nextName, type MixedName } from './mix.ts';
import type { Random } from './random.ts';

export type SimulatedUser = {
  readonly last: MixedName | undefined;
  /** The symbol and amount of the last command, if it set an amount for a trigger. */
  readonly set: { readonly symbol: StockSymbol; readonly amount: Cents } | undefined;
};

export const NEW_USER: SimulatedUser = { last: undefined, set: undefined };

export type Market = { readonly random: Random; readonly symbols: readonly StockSymbol[] };

type MixedCommand = CommandOf<MixedName>;

const ORDER_MAX = cents(750_00);
const PRICE_MAX = cents(200_00);

/** Draws a user's next command. */
export function nextCommand(user: SimulatedUser, market: Market): MixedCommand {
  const { random, symbols } = market;
  const type = nextName(user.last, random);
  switch (type) {
    case 'ADD':
      return { type, amount: drawDeposit(random) };
    case 'QUOTE':
    case 'CANCEL_SET_BUY':
    case 'CANCEL_SET_SELL':
      return { type, symbol: drawSymbol(random, symbols) };
    case 'BUY':
      return {
        type,
        symbol: drawSymbol(random, symbols),
        amount: drawAmount(random, ORDER_MAX),
      };
    case 'SELL':
    case 'SET_BUY_AMOUNT':
    case 'SET_SELL_AMOUNT':
      return {
        type,
        symbol: drawFavourite(random, symbols),
        amount: drawAmount(random, ORDER_MAX),
      };
    case 'SET_BUY_TRIGGER':
    case 'SET_SELL_TRIGGER':
      return { type, ...drawTrigger(type, user, market) };
    case 'COMMIT_BUY':
    case 'CANCEL_BUY':
    case 'COMMIT_SELL':
    case 'CANCEL_SELL':
    case 'DISPLAY_SUMMARY':
      return { type };
  }
}

/**
 * Draws the symbol and price of a trigger, as the real file has them. A trigger right after an amount has
 * a price up to that amount. A sell trigger names the symbol of the amount, but a buy trigger any symbol,
 * so that nearly all buy triggers are rejected.
 */
function drawTrigger(
  type: 'SET_BUY_TRIGGER' | 'SET_SELL_TRIGGER',
  { set }: SimulatedUser,
  { random, symbols }: Market,
): { readonly symbol: StockSymbol; readonly price: Cents } {
  const same = set !== undefined && type === 'SET_SELL_TRIGGER';
  const symbol = same ? set.symbol : drawSymbol(random, symbols);
  return { symbol, price: drawAmount(random, set?.amount ?? PRICE_MAX) };
}

/** Returns the state of a user after a command. */
export function stateAfter(command: MixedCommand): SimulatedUser {
  const setsAmount = command.type === 'SET_BUY_AMOUNT' || command.type === 'SET_SELL_AMOUNT';
  return { last: command.type, set: setsAmount ? command : undefined };
}
