/** The order in which two builds are measured, and the ratios between neighbours. Pure. */

export type Side = 'before' | 'after';

/**
 * Returns the order of the turns, `A B B A A B …`: each side has as many turns as the other, and a
 * machine that slows down or warms up favours neither.
 */
export const turnOrder = (repeats: number): readonly Side[] =>
  Array.from({ length: repeats }, (_, index): readonly Side[] =>
    index % 2 === 0 ? ['before', 'after'] : ['after', 'before'],
  ).flat();

/**
 * Returns after ÷ before for each pair of neighbouring turns. Each side lists its values in the order of
 * its turns; values with the same index are neighbours.
 */
export const neighbourRatios = (
  before: readonly number[],
  after: readonly number[],
): readonly number[] => before.map((value, index) => (after[index] ?? Number.NaN) / value);
