/** Money in whole cents, exact. Source: SPEC §1.2 and §2. */

export type Cents = bigint & { readonly unit: 'cents' };

/** Makes an amount from a whole number of cents. */
export const cents = (value: bigint | number): Cents => BigInt(value) as Cents;

export const NO_MONEY: Cents = cents(0);

/** The largest amount a command may carry: $1,000,000,000.00. */
export const AMOUNT_MAX: Cents = cents(100_000_000_000n);

/** The largest balance of an account: $9,000,000,000,000.00. In cents, a double represents it exactly. */
export const BALANCE_MAX: Cents = cents(900_000_000_000_000n);

export const add = (left: Cents, right: Cents): Cents => (left + right) as Cents;

export const subtract = (left: Cents, right: Cents): Cents => (left - right) as Cents;

export const negate = (amount: Cents): Cents => subtract(NO_MONEY, amount);

const DOLLARS = /^(\d+)(?:\.(\d{1,2}))?$/;

/**
 * Parses a non-negative number of dollars with at most two decimals; undefined if the text is not one.
 * The caller checks the range.
 */
export function parseDollars(text: string): Cents | undefined {
  const match = DOLLARS.exec(text);
  if (match === null) return undefined;
  const [, whole = '', fraction = ''] = match;
  return cents(BigInt(whole) * 100n + BigInt(fraction.padEnd(2, '0')));
}

/** Renders dollars with exactly two decimals, as the audit log requires. */
export function renderDollars(amount: Cents): string {
  const digits = (amount < 0n ? 0n - amount : amount).toString().padStart(3, '0');
  return `${amount < 0n ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`;
}
