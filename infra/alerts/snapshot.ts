/** The values of all series at one instant. */

export type Labels = Readonly<Record<string, string>>;

export type LabelledValue = { readonly labels: Labels; readonly value: number };

/** Values by the name of their series. */
export type SeriesByName = ReadonlyMap<string, readonly LabelledValue[]>;

export type Snapshot = {
  /** The time of the scrape in ms, by a clock that never goes back. */
  readonly at: number;
  readonly series: SeriesByName;
};

/** Returns the values of a series; none if nothing has reported it. */
export const valuesOf = ({ series }: Snapshot, name: string): readonly LabelledValue[] =>
  series.get(name) ?? [];

/** Returns a text that is the same for the same labels in any order. */
export const labelKey = (labels: Labels): string =>
  JSON.stringify(Object.entries(labels).sort(([one], [other]) => (one < other ? -1 : 1)));

/** Returns how far a counter has grown; one that is lower than before has begun again at 0. */
export const growth = (before: number, after: number): number =>
  after >= before ? after - before : after;
