/** Explains rejections in a trader's words: what happened, and what to do. */
import type { Rejected } from '../../../../../shared/web-api/command.ts';

/** The parts of a command that its explanation needs. */
type Given = { readonly command: string; readonly symbol?: string };
type Explain = (given: Given) => string;

const symbolOf = ({ symbol }: Given): string => symbol?.toUpperCase() ?? 'this stock';

const isSell = ({ command }: Given): boolean => command.includes('SELL');

const EXPLANATIONS: Readonly<Record<string, Explain>> = {
  'too-late': () => 'It took too long, so nothing was done. Please try again.',
  'account-unknown': () => 'Add funds first: that opens your account.',
  'insufficient-funds': () =>
    'You do not have that much cash available. Enter a smaller amount, cancel a pending buy, or add funds.',
  'no-pending-buy': () =>
    'There is no buy to decide on any more: its time ran out, or it was done.',
  'no-pending-sell': () =>
    'There is no sell to decide on any more: its time ran out, or it was done.',
  'no-shares': (request) => `You have no ${symbolOf(request)} shares available to sell.`,
  'no-buy-amount': (request) => `Say first how much ${symbolOf(request)} to buy for.`,
  'no-sell-amount': (request) => `Say first how much ${symbolOf(request)} to sell.`,
  'quote-unavailable': (request) =>
    `No price for ${symbolOf(request)} could be had right now. Nothing was done; try again shortly.`,
  'amount-below-price': (request) =>
    `That is less than one ${symbolOf(request)} share. Enter a larger amount.`,
  'insufficient-shares': (request) =>
    isSell(request)
      ? `You do not have that many ${symbolOf(request)} shares available. Enter a smaller amount.`
      : 'There are not enough shares available.',
  'balance-limit': () => 'That would lift your cash above what an account may hold.',
  'not-administrator': () => 'Only an administrator may do this.',
  internal: () => 'Something went wrong on our side. Nothing was done.',
};

/** Explains a code; for an unknown code, returns the server's message. */
export const explainRejection = (
  { code, message }: Pick<Rejected, 'code' | 'message'>,
  given: Given,
): string => EXPLANATIONS[code]?.(given) ?? capitalised(message);

/** Explains a reason of the audit log, which has the form `CODE: MESSAGE`. */
export function explainReason(reason: string, given: Given): string {
  const [, code = '', message = reason] = /^([a-z-]+): (.*)$/s.exec(reason) ?? [];
  return explainRejection({ code, message }, given);
}

const capitalised = (text: string): string =>
  `${text.charAt(0).toUpperCase()}${text.slice(1)}${/[.!?]$/.test(text) ? '' : '.'}`;
