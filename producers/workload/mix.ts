/** The frequencies with which one command follows another, counted in the 10-user workload file. */
import type { Random } from './random.ts';

/** The commands in that file, in the order of the counts below. A later command is not in the mix. */
const NAMES = [
  'ADD',
  'QUOTE',
  'BUY',
  'COMMIT_BUY',
  'CANCEL_BUY',
  'SELL',
  'COMMIT_SELL',
  'CANCEL_SELL',
  'SET_BUY_AMOUNT',
  'SET_BUY_TRIGGER',
  'CANCEL_SET_BUY',
  'SET_SELL_AMOUNT',
  'SET_SELL_TRIGGER',
  'CANCEL_SET_SELL',
  'DISPLAY_SUMMARY',
] as const;

export type MixedName = (typeof NAMES)[number];

type Row = { readonly counts: readonly number[]; readonly sum: number };

const row = (...counts: readonly number[]): Row => ({
  counts,
  sum: counts.reduce((sum, count) => sum + count, 0),
});

/** How often each of `NAMES` came next in that file, after a command that is not a key of `AFTER`. */
const AT_REST: Row = row(
  ...[579, 522, 554, 318, 317, 580, 413, 310, 156, 172, 326, 175, 175, 354, 571],
);
const AFTER: Readonly<Partial<Record<MixedName, Row>>> = {
  ADD: row(5, 285, 299, 14, 5, 15, 9, 16, 9, 18, 6, 16, 7, 18, 13),
  QUOTE: row(107, 205, 353, 49, 43, 37, 33, 39, 34, 36, 30, 37, 38, 43, 61),
  BUY: row(23, 74, 41, 635, 131, 34, 44, 43, 39, 32, 44, 44, 43, 40, 45),
  SELL: row(11, 46, 25, 21, 23, 19, 355, 68, 28, 14, 22, 24, 21, 21, 16),
  SET_BUY_AMOUNT: row(0, 5, 19, 0, 0, 17, 0, 0, 0, 185, 27, 0, 0, 0, 12),
  SET_SELL_AMOUNT: row(0, 9, 24, 0, 0, 12, 0, 0, 0, 0, 0, 0, 206, 32, 13),
};

/** Draws the name of a user's next command; the first one is an `ADD`. */
export function nextName(previous: MixedName | undefined, random: Random): MixedName {
  if (previous === undefined) return 'ADD';
  const { counts, sum } = AFTER[previous] ?? AT_REST;
  let left = random.below(sum);
  return NAMES.find((_, index) => (left -= counts[index] ?? 0) < 0) ?? 'DISPLAY_SUMMARY';
}
