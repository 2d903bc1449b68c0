/** Draws the values in commands, distributed as in the 10-user workload file. */
import {
  parseSymbol,
  parseUserId,
  type StockSymbol,
  type UserId,
} from '../../shared/domain/identity.ts';
import { cents, type Cents } from '../../shared/domain/money.ts';
import type { Random } from './random.ts';

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';
const NAME_CHARACTERS = `${LETTERS}${LETTERS.toLowerCase()}0123456789`;
const USER_NAME_LENGTH = 10;
const SYMBOL_LENGTH = 3;

const DEPOSIT_MEAN = 70_000_00;
const DEPOSIT_DEVIATION = 15_500_00;
const UNIFORMS_IN_A_NORMAL = 12;

/** Draws the amount of an `ADD`: about normal with mean $70,000 and deviation $15,500, at least a cent. */
export function drawDeposit(random: Random): Cents {
  // A sum of twelve uniforms is normal enough. Box-Muller uses a cosine, which differs between platforms.
  let sum = -UNIFORMS_IN_A_NORMAL / 2;
  for (let count = 0; count < UNIFORMS_IN_A_NORMAL; count += 1) sum += random.fraction();
  return cents(Math.max(1, Math.round(DEPOSIT_MEAN + DEPOSIT_DEVIATION * sum)));
}

/** Draws an amount uniformly from one cent to `most`, inclusive. */
export const drawAmount = (random: Random, most: Cents): Cents =>
  cents(1 + random.below(Number(most)));

export const drawSymbol = (random: Random, symbols: readonly StockSymbol[]): StockSymbol =>
  itemAt(symbols, random.below(symbols.length));

/** Draws a symbol for selling or setting an amount: about half of the draws are from the first fifth. */
export function drawFavourite(random: Random, symbols: readonly StockSymbol[]): StockSymbol {
  const least = Math.min(random.fraction(), random.fraction(), random.fraction());
  return itemAt(symbols, Math.floor(least * symbols.length));
}

/** Draws `count` different symbols of three letters. */
export const drawSymbols = (random: Random, count: number): readonly StockSymbol[] =>
  drawDifferent(count, () => parseSymbol(drawText(random, LETTERS, SYMBOL_LENGTH)));

/** Draws `count` different user names such as `umhaEY4lil`. */
export const drawUsers = (random: Random, count: number): readonly UserId[] =>
  drawDifferent(count, () => parseUserId(drawText(random, NAME_CHARACTERS, USER_NAME_LENGTH)));

function drawDifferent<T>(count: number, draw: () => T | undefined): readonly T[] {
  const drawn = new Set<T>();
  while (drawn.size < count) {
    const one = draw();
    if (one !== undefined) drawn.add(one);
  }
  return [...drawn];
}

function drawText(random: Random, characters: string, length: number): string {
  let text = '';
  while (text.length < length) text += characters.charAt(random.below(characters.length));
  return text;
}

function itemAt<T>(items: readonly T[], index: number): T {
  const item = items[index];
  if (item === undefined) throw new RangeError(`No item ${index} among ${items.length}`);
  return item;
}
