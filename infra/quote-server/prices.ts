/** The sources of the stand-in's prices. */
import { cents, type Cents } from '../../shared/domain/money.ts';
import { marketWalk } from './market-walk.ts';
import { hashText, mix, unit } from './seeded-random.ts';

/** `hits`: moves with each hit; `fixed`: never changes; `walk`: a market in real time. */
export const PRICE_MODELS = ['hits', 'fixed', 'walk'] as const;
export type PriceModel = (typeof PRICE_MODELS)[number];

/** Returns the price of a symbol for a hit at an instant (Unix milliseconds). */
export type PriceSource = (symbol: string, atMs: number) => Cents;

const LEAST = 100;
const MOST = 500_000;
/** The largest move of a price per hit, as a share of it, in either direction. */
const STEP = 0.05;

/** `speed` is how many times as fast as a real market `walk` moves. */
export function priceSource(model: PriceModel, seed: number, speed = 1): PriceSource {
  switch (model) {
    case 'hits':
      return movingPrices(seed);
    case 'fixed':
      return (symbol) => cents(startPrice(seed, symbol));
    case 'walk': {
      const { priceAt } = marketWalk(seed);
      return (symbol, atMs) => priceAt(symbol, atMs * speed);
    }
  }
}

/**
 * Returns prices whose n-th value for a symbol depends on the seed only, not on hits for other
 * symbols.
 */
function movingPrices(seed: number): PriceSource {
  const last = new Map<string, { readonly price: number; readonly hits: number }>();
  return (symbol) => {
    const { price, hits } = last.get(symbol) ?? { price: startPrice(seed, symbol), hits: 0 };
    const moved = moveWithin(price, unit(mix(hashText(`${seed} hit ${symbol}`), hits)));
    last.set(symbol, { price: moved, hits: hits + 1 });
    return cents(moved);
  };
}

function moveWithin(price: number, draw: number): number {
  const move = Math.round(price * STEP * (2 * draw - 1));
  const moved = price + move;
  return moved < LEAST || moved > MOST ? price - move : moved;
}

const startPrice = (seed: number, symbol: string): number =>
  LEAST + Math.floor(unit(hashText(`${seed} start ${symbol}`)) * (MOST - LEAST + 1));
