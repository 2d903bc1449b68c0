/** The steps of which the plans of people consist, and the draws for them. Pure. */
import type { Random } from '../../producers/workload/random.ts';
import { cents, renderDollars } from '../../shared/domain/money.ts';
import type { CommandRequest } from '../../shared/web-api/command.ts';
import type { Memory } from './memory.ts';

/** A command, and how long the person thinks before giving it. */
export type DemoStep = { readonly afterMs: number; readonly request: CommandRequest };

/** Every hit is for one of these stocks, so that a minute costs a bounded number of hits. */
export const STOCKS = ['AUR', 'BLU', 'COR', 'DYN', 'EKO', 'FJO', 'GLO', 'HEX'] as const;

/** The shortest time between two commands of a person: twenty people give at most 20 a second. */
export const LEAST_PAUSE_MS = 1_000;

export const asDollars = (value: number): string =>
  renderDollars(cents(Math.max(1, Math.round(value))));
export const between = (random: Random, least: number, most: number): number =>
  least + random.below(most - least + 1);
export const soon = (random: Random): number => between(random, 1_000, 3_000);
export const afterAWhile = (random: Random): number => between(random, 5_000, 12_000);
export const oneOf = (random: Random, stocks: readonly string[]): string =>
  stocks[random.below(stocks.length)] ?? STOCKS[0];

export const step = (afterMs: number, request: CommandRequest): DemoStep => ({ afterMs, request });
export const askPrice = (symbol: string, random: Random): DemoStep =>
  step(soon(random), { command: 'QUOTE', symbol });

/** Draws a stock, mostly one whose price is known, so that a person trades sooner than after eight quotes. */
export function pickStock({ prices }: Memory, random: Random): string {
  const known = [...prices.keys()];
  return oneOf(random, known.length > 0 && random.below(4) > 0 ? known : STOCKS);
}

/** Looks at a stock whose price is not known yet; else does what follows from its price. */
export function withKnownPrice(
  symbol: string,
  { prices }: Memory,
  {
    random,
    then,
  }: { readonly random: Random; readonly then: (price: number) => readonly DemoStep[] },
): readonly DemoStep[] {
  const price = prices.get(symbol);
  return price === undefined ? [askPrice(symbol, random)] : then(price);
}

export const buy = (symbol: string, amount: number, afterMs: number): DemoStep =>
  step(afterMs, { command: 'BUY', symbol, amount: asDollars(amount) });
export const sell = (symbol: string, amount: number, afterMs: number): DemoStep =>
  step(afterMs, { command: 'SELL', symbol, amount: asDollars(amount) });

/** Returns enough money for a share, even if the price has risen a little. */
export const oneShare = (price: number): number => price * 1.02;

/** Draws the money for an order: a part of the cash, and at least a share. */
export const stake = ({ cash = 0 }: Memory, price: number, random: Random): number =>
  Math.max(oneShare(price), (cash * between(random, 5, 15)) / 100);

export const owned = ({ shares }: Memory): readonly string[] =>
  [...shares].flatMap(([symbol, count]) => (count > 0 ? [symbol] : []));
