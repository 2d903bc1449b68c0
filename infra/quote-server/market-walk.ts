/** A plausible market: each symbol's price is a geometric random walk in real time. */
import { cents, type Cents } from '../../shared/domain/money.ts';
import { hashText, mix, normal, unit } from './seeded-random.ts';

type MarketPrice = { readonly atMs: number; readonly price: Cents };

type MarketWalk = {
  readonly priceAt: (symbol: string, atMs: number) => Cents;
  readonly history: (
    symbol: string,
    fromMs: number,
    toMs: number,
    stepMs: number,
  ) => readonly MarketPrice[];
};

type Stock = {
  readonly key: number;
  readonly logBase: number;
  /** Standard deviation of the logarithm of the price over one millisecond. */
  readonly volatility: number;
};

/**
 * About 199 days. The walk is anchored at the edges of each cell, so no price drifts away for good.
 */
const CELL_MS = 2 ** 34;
/** About one second; below it the walk is a straight line. */
const FINEST_MS = 2 ** 10;
const ANCHOR_DEVIATION = 0.2;

const BASE_LEAST = 8;
const BASE_MOST = 600;
/**
 * Standard deviation over a minute of trading: of a calm large company, and of a volatile small
 * one.
 */
const CALM_PER_MINUTE = 0.0005;
const LIVELY_PER_MINUTE = 0.002;

const CENTS_LEAST = 100;
const CENTS_MOST = 500_000;

/**
 * Opens the market of a seed. A price depends only on seed, symbol and time, so a restart continues
 * the walk.
 */
export function marketWalk(seed: number): MarketWalk {
  const stocks = new Map<string, Stock>();
  const stockOf = (symbol: string): Stock => {
    const stock = stocks.get(symbol) ?? describeStock(seed, symbol);
    stocks.set(symbol, stock);
    return stock;
  };
  const priceAt = (symbol: string, atMs: number): Cents => priceOf(stockOf(symbol), atMs);
  const history: MarketWalk['history'] = (symbol, fromMs, toMs, stepMs) =>
    Array.from({ length: Math.max(0, Math.floor((toMs - fromMs) / stepMs) + 1) }, (_, step) => {
      const atMs = fromMs + step * stepMs;
      return { atMs, price: priceAt(symbol, atMs) };
    });
  return { priceAt, history };
}

function describeStock(seed: number, symbol: string): Stock {
  const key = hashText(`${seed} walk ${symbol}`);
  const perMinute = between(CALM_PER_MINUTE, LIVELY_PER_MINUTE, unit(mix(key, 1)));
  return {
    key,
    logBase: between(Math.log(BASE_LEAST), Math.log(BASE_MOST), unit(mix(key, 2))),
    volatility: perMinute / Math.sqrt(60_000),
  };
}

function priceOf(stock: Stock, atMs: number): Cents {
  const whole = Math.round(100 * Math.exp(stock.logBase + deviationAt(stock, atMs)));
  return cents(Math.min(CENTS_MOST, Math.max(CENTS_LEAST, whole)));
}

/**
 * Brownian motion by Lévy's construction: the value in the middle of a span is the mean of its ends
 * plus a normal draw of variance σ² · span / 4, and this draw is a hash of the span. Any instant
 * therefore takes 24 halvings and no memory.
 */
function deviationAt({ key, volatility }: Stock, atMs: number): number {
  const cell = Math.floor(atMs / CELL_MS);
  const cellKey = mix(key, cell);
  let left = anchor(key, cell);
  let right = anchor(key, cell + 1);
  let start = cell * CELL_MS;
  let span = CELL_MS;
  for (let node = 1; span > FINEST_MS; span /= 2) {
    const drawn = normal(mix(cellKey, node)) * volatility * (Math.sqrt(span) / 2);
    const middle = (left + right) / 2 + drawn;
    const isLater = atMs >= start + span / 2;
    node = node * 2 + Number(isLater);
    if (isLater) {
      left = middle;
      start += span / 2;
    } else {
      right = middle;
    }
  }
  return between(left, right, (atMs - start) / span);
}

const anchor = (key: number, cell: number): number =>
  normal(mix(mix(key, 3), cell)) * ANCHOR_DEVIATION;

const between = (left: number, right: number, share: number): number =>
  left + (right - left) * share;
