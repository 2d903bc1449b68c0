/** What a process counts and measures, for Prometheus. The only importer of its client library. */
import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client';

export { Histogram };
export type Metrics = Registry;

/** Opens the registry of one process; every series carries the process and its pool as labels. */
export function openMetrics(name: string): Metrics {
  const registry = new Registry();
  registry.setDefaultLabels({ process: name, pool: poolOf(name) });
  // Event-loop lag, memory, CPU time, open files: under the names every Node.js dashboard knows.
  collectDefaultMetrics({ register: registry });
  return registry;
}

/** `transaction-1` is of the pool `transaction`. */
export const poolOf = (name: string): string => name.replace(/-\d+$/, '');

export type SeriesSpec<Label extends string> = {
  readonly name: string;
  readonly help: string;
  /** A number that only grows is a counter, any other a gauge. */
  readonly type: 'counter' | 'gauge';
  readonly labels: readonly Label[];
  /** What is known elsewhere, read at each scrape: the hot path counts plain numbers. */
  readonly read: () => readonly (Readonly<Record<Label, string>> & { readonly value: number })[];
};

/** Series whose numbers are kept by others. */
export function readAtScrape<Label extends string>(
  metrics: Metrics,
  { name, help, type, labels, read }: SeriesSpec<Label>,
): void {
  const Series = type === 'counter' ? Counter : Gauge;
  new Series({
    name,
    help,
    labelNames: [...labels],
    registers: [metrics],
    collect() {
      this.reset();
      for (const { value, ...series } of read()) {
        this.inc(series as unknown as Record<Label, string>, value);
      }
    },
  });
}

export type GaugeSpec = {
  readonly name: string;
  readonly help: string;
  /** Read at each scrape; undefined, or a fault, leaves the series out: no number is better than a wrong one. */
  readonly read: () => number | undefined | Promise<number | undefined>;
};

/** A gauge that is looked up when it is asked for. */
export function gaugeAtScrape(metrics: Metrics, { name, help, read }: GaugeSpec): void {
  new Gauge({
    name,
    help,
    registers: [metrics],
    async collect() {
      this.remove();
      const value = await Promise.resolve()
        .then(read)
        .catch(() => undefined);
      if (value !== undefined) this.set(value);
    },
  });
}
