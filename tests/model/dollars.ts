const AMOUNT = /^([0-9]+)(?:\.([0-9]{1,2}))?$/;
const LARGEST_AMOUNT_CENTS = 100_000_000_000n;

/** No balance is higher than $9,000,000,000,000.00 (SPEC §2). */
export const BALANCE_LIMIT_CENTS = 900_000_000_000_000n;

/** An amount by SPEC 1.2 in cents, or null where it is a bad one. */
export function centsOf(text: string): bigint | null {
  const parts = AMOUNT.exec(text);
  if (parts === null) return null;
  const cents = BigInt(parts[1] ?? '') * 100n + BigInt((parts[2] ?? '').padEnd(2, '0'));
  return cents > 0n && cents <= LARGEST_AMOUNT_CENTS ? cents : null;
}

/** Cents as an audit log shows them: dollars with two decimals. */
export function dollarsOf(cents: bigint): string {
  const digits = cents.toString().padStart(3, '0');
  return `${digits.slice(0, -2)}.${digits.slice(-2)}`;
}
