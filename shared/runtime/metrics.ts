/** The metrics of a process, for Prometheus. Only this module imports its client library. */
import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client';

export { Histogram };
export type Metrics = Registry;

/** Opens the registry of one process; every series carries the process and its pool as labels. */
export function openMetrics(name: string): Metrics {
  const registry = new Registry();
  registry.setDefaultLabels({ process: name, pool: poolOf(name) });
  // Event-loop lag, memory, CPU time and open files, under the usual names of Node.js dashboards.
  collectDefaultMetrics({ register: registry });
  return registry;
}

/** Returns the pool of a process: `transaction` for `transaction-1`. */
export const poolOf = (name: string): string => name.replace(/-\d+$/, '');

type SeriesSpec<Label extends string> = {
  readonly name: string;
  readonly help: string;
  /** `counter` for a number that only grows, else `gauge`. */
  readonly type: 'counter' | 'gauge';
  readonly labels: readonly Label[];
  /** Called at each scrape. The hot path counts plain numbers, which this returns. */
  readonly read: () => readonly (Readonly<Record<Label, string>> & { readonly value: number })[];
};

/** Registers series whose values are read at each scrape. */
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

type GaugeSpec = {
  readonly name: string;
  readonly help: string;
  /** Called at each scrape. If it returns undefined or fails, the series is left out of that scrape. */
  readonly read: () => number | undefined | Promise<number | undefined>;
};

/** Registers a gauge whose value is read at each scrape. */
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
