/** The reasons for rejecting a command, a closed list, documented in docs/ERRORS.md. Source: SPEC §3. */

/** In order of precedence: if two apply, `decide` returns the one listed first. */
export const REJECTIONS = [
  'unreadable',
  'too-late',
  'account-unknown',
  'not-administrator',
  'file-name-invalid',
  'insufficient-funds',
  'no-pending-buy',
  'no-pending-sell',
  'no-shares',
  'no-buy-amount',
  'no-sell-amount',
  'quote-unavailable',
  'amount-below-price',
  'insufficient-shares',
  'balance-limit',
  'internal',
] as const;

export type Rejection = (typeof REJECTIONS)[number];

const MESSAGES: Readonly<Record<Rejection, string>> = {
  unreadable: 'the command could not be read',
  'too-late': 'decided after its deadline',
  'account-unknown': 'the user has no account yet: the first ADD opens it',
  'not-administrator': 'only an administrator may dump the whole log',
  'file-name-invalid':
    'the file name must be a relative path inside the dump folder, of at most 200 bytes a segment and ' +
    '1,000 in all, without control characters',
  'insufficient-funds': 'not enough money available',
  'no-pending-buy': 'there is no pending buy',
  'no-pending-sell': 'there is no pending sell',
  'no-shares': 'no share of this symbol is available',
  'no-buy-amount': 'no buy amount is set for this symbol',
  'no-sell-amount': 'no sell amount is set for this symbol',
  'quote-unavailable': 'quote unavailable',
  'amount-below-price': 'the amount is less than the price of one share',
  'insufficient-shares': 'not enough shares available',
  'balance-limit': 'the balance would exceed its limit',
  internal: 'the command broke an invariant and was rolled back',
};

/** Returns the message of a rejection for a person. */
export const describeRejection = (rejection: Rejection): string => MESSAGES[rejection];
