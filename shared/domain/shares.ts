/** Numbers of shares, always whole. */
import { cents, type Cents } from './money.ts';

export type Shares = bigint & { readonly unit: 'shares' };

/** Makes a number of shares from a whole number. */
export const shares = (value: bigint | number): Shares => BigInt(value) as Shares;

export const NO_SHARES: Shares = shares(0);

export const addShares = (left: Shares, right: Shares): Shares => (left + right) as Shares;

export const subtractShares = (left: Shares, right: Shares): Shares => (left - right) as Shares;

export const negateShares = (count: Shares): Shares => subtractShares(NO_SHARES, count);

/** The number of whole shares that an amount pays for at a price: ⌊amount ÷ price⌋. */
export const sharesFor = (amount: Cents, price: Cents): Shares => shares(amount / price);

/** The cost of a buy, or the proceeds of a sell, of so many shares at a price. */
export const costOf = (count: Shares, price: Cents): Cents => cents(count * price);
