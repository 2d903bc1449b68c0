/** Remembers counters, and tells how far each has grown between two snapshots. */
import {
  growth,
  labelKey,
  type LabelledValue,
  type SeriesByName,
  type Snapshot,
} from '../alerts/snapshot.ts';

export class GrowthBook {
  readonly #isCounter: (name: string) => boolean;
  /** The last value of each counter. A process that misses a scrape is compared with the one before. */
  readonly #last = new Map<string, number>();
  #hasBegun = false;

  constructor(isCounter: (name: string) => boolean) {
    this.#isCounter = isCounter;
  }

  /**
   * Returns the growth of each counter since the snapshot before. A counter that appears later has
   * grown from 0; those of the first snapshot have not grown, because they may be old.
   */
  observe({ series }: Snapshot): SeriesByName {
    const isFirst = !this.#hasBegun;
    this.#hasBegun = true;
    const counters = [...series].filter(([name]) => this.#isCounter(name));
    return new Map(
      counters.map(([name, values]) => [
        name,
        values.map(({ labels, value }) => ({
          labels,
          value: this.#grown(name, labels, value, isFirst),
        })),
      ]),
    );
  }

  #grown(name: string, labels: LabelledValue['labels'], value: number, isFirst: boolean): number {
    const key = `${name} ${labelKey(labels)}`;
    const before = this.#last.get(key);
    this.#last.set(key, value);
    return isFirst ? 0 : growth(before ?? 0, value);
  }
}
