/** The names and ids that commands carry. Source: SPEC §1.3. */

export type UserId = string & { readonly unit: 'user' };
export type StockSymbol = string & { readonly unit: 'symbol' };
/** The id of one arming of a trigger: a UUID, new each time a trigger is armed. */
export type ArmingId = string & { readonly unit: 'arming' };
/** A key under which a command takes effect once. */
export type IdempotencyKey = {
  /** The user who gave the command, even if it belongs to the system user, as the dump of a whole log does. */
  readonly owner: UserId;
  readonly name: string;
};

const USER_ID = /^[A-Za-z0-9_.-]{1,64}$/;
const SYMBOL = /^[A-Za-z]{1,3}$/;

/** The reserved name for commands and events without a user. No user name can contain a `$`. */
export const SYSTEM_USER: UserId = '$system' as UserId;

/** Parses a user name; undefined if it is not 1 to 64 of `A-Z a-z 0-9 _ . -`. */
export function parseUserId(text: string): UserId | undefined {
  return USER_ID.test(text) ? (text as UserId) : undefined;
}

/** Parses a symbol of one to three letters, in any case, and converts it to upper case. */
export function parseSymbol(text: string): StockSymbol | undefined {
  // Tests before converting, because `ſ` and `ß` would become letters of A–Z.
  return SYMBOL.test(text) ? (text.toUpperCase() as StockSymbol) : undefined;
}

export const armingId = (text: string): ArmingId => text as ArmingId;
