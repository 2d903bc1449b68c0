/** How much to trade: dollars, or a count of shares. A command carries dollars in both cases. */
import { AMOUNT_MAX } from '../../../../../shared/domain/money.ts';
import { estimate } from './estimate.ts';
import { plainDollars, plainNumber, readAmount, type Separators } from './money.ts';

export type Unit = 'dollars' | 'shares';

export type Quantity =
  | { readonly unit: 'dollars'; readonly cents: number }
  | { readonly unit: 'shares'; readonly shares: number };

export type QuantityInput =
  | { readonly is: 'empty' }
  | { readonly is: 'quantity'; readonly quantity: Quantity }
  | { readonly is: 'fault'; readonly fault: string };

/** Parses what was typed for a unit; see `plainNumber` for how it may be written. */
export function readQuantity(
  text: string,
  unit: Unit,
  separators: readonly Separators[] = [],
): QuantityInput {
  if (unit === 'shares') return readShares(text, separators);
  const input = readAmount(text, separators);
  return input.is === 'amount' ? { is: 'quantity', quantity: { unit, cents: input.cents } } : input;
}

function readShares(text: string, separators: readonly Separators[]): QuantityInput {
  const plain = plainNumber(text, separators);
  if (plain === '') return { is: 'empty' };
  const shares = /^\d{1,15}$/.test(plain) ? Number(plain) : 0;
  return shares > 0
    ? { is: 'quantity', quantity: { unit: 'shares', shares } }
    : { is: 'fault', fault: 'Enter whole shares, such as 12.' };
}

/**
 * Returns the dollars, in cents, that a command carries: for shares, those that give exactly the count at a
 * price. Undefined if that price is not known.
 */
export function centsOf(quantity: Quantity, price: number | undefined): number | undefined {
  if (quantity.unit === 'dollars') return quantity.cents;
  return price === undefined ? undefined : quantity.shares * price;
}

/** Converts a quantity to the text of a field of the other unit; empty if the price is not known. */
export function inOtherUnit(quantity: Quantity, price: number | undefined): string {
  if (price === undefined) return '';
  if (quantity.unit === 'shares') return plainDollars(quantity.shares * price);
  const { shares } = estimate(quantity.cents, price);
  return shares === 0 ? '' : shares.toString();
}

/** Returns why no command can carry an amount; undefined if one can. */
export const tooMuch = (cents: number): string | undefined =>
  cents > AMOUNT_MAX ? 'At most $1,000,000,000.00 at a time.' : undefined;

export type Portion = { readonly label: string; readonly value: number };

const PERCENTS = [10n, 25n, 50n, 100n];

/** Returns parts of the cash in cents, for an order to buy. */
export const portionsOfCash = (cash: number): readonly Portion[] =>
  PERCENTS.map((percent) => ({
    label: percent === 100n ? 'Max' : `${percent}%`,
    value: Number(lesser((BigInt(cash) * percent) / 100n, AMOUNT_MAX)),
  }));

/** Returns parts of the shares, rounded up to whole ones, for an order to sell. */
export const portionsOfShares = (shares: number): readonly Portion[] =>
  PERCENTS.map((percent) => ({
    label: percent === 100n ? 'All' : `${percent}%`,
    value: Number((BigInt(shares) * percent + 99n) / 100n),
  }));

const lesser = (one: bigint, other: bigint): bigint => (one < other ? one : other);
