/** Who and what: names that commands carry. Source: SPEC §1.3. */

export type UserId = string & { readonly unit: 'user' };
export type StockSymbol = string & { readonly unit: 'symbol' };
/** One arming of a trigger: a UUID, new each time a trigger is armed. */
export type ArmingId = string & { readonly unit: 'arming' };

const USER_ID = /^[A-Za-z0-9_.-]{1,64}$/;
const SYMBOL = /^[A-Za-z]{1,3}$/;

/** The reserved name whose shard takes whatever has no user; no user name can hold a `$`. */
export const SYSTEM_USER: UserId = '$system' as UserId;

export function parseUserId(text: string): UserId | undefined {
  return USER_ID.test(text) ? (text as UserId) : undefined;
}

/** Reads a symbol in any case of letters; it is upper-cased on entry. */
export function parseSymbol(text: string): StockSymbol | undefined {
  // Tested before it is upper-cased: `ſ` and `ß` would become letters of A–Z.
  return SYMBOL.test(text) ? (text.toUpperCase() as StockSymbol) : undefined;
}

export const armingId = (text: string): ArmingId => text as ArmingId;
