/**
 * Records the figures of the system for an hour, in memory. A restart of the supervisor, which
 * records, begins anew.
 */
import { AlertWatch, type Alert } from '../alerts/alert-watch.ts';
import type { AlertRule } from '../alerts/read-rules.ts';
import { valuesOf, type SeriesByName, type Snapshot } from '../alerts/snapshot.ts';
import { CENTS_PER_HIT } from '../../shared/domain/quote.ts';
import type {
  FigureTrack,
  OperationsAlert,
  OperationsEvent,
  OperationsShard,
  OperationsView,
} from '../../shared/web-api/operations.ts';
import { EventFinder } from './event-finder.ts';
import { figuresOf, isFigureCounter, type Figure } from './figures-of.ts';
import { groupBy } from './group-by.ts';
import { GrowthBook } from './growth-book.ts';

export const FIGURES_EVERY_MS = 5_000;
export const KEPT_MS = 3_600_000;
const EVENTS_MAX = 200;
/** Enough digits for a chart. */
const DIGITS = 4;

export type Observation = {
  readonly snapshot: Snapshot;
  /** The time of the snapshot in Unix ms. */
  readonly now: number;
  readonly shards: readonly OperationsShard[] | undefined;
  readonly faults: readonly string[];
};

type Sample = { readonly at: number; readonly figures: readonly Figure[] };

export class Recorder {
  readonly #rules: readonly AlertRule[];
  readonly #watch: AlertWatch;
  readonly #growth = new GrowthBook(isFigureCounter);
  readonly #events = new EventFinder();
  #samples: readonly Sample[] = [];
  #happened: readonly OperationsEvent[] = [];
  #last: (Observation & { readonly alerts: readonly Alert[] }) | undefined;

  constructor(rules: readonly AlertRule[]) {
    this.#rules = rules;
    this.#watch = new AlertWatch(rules);
  }

  observe(observation: Observation): void {
    const { snapshot, now, shards } = observation;
    const before = this.#last;
    const grown: SeriesByName = this.#growth.observe(snapshot);
    const alerts = this.#watch.observe(snapshot);
    const events = this.#events.observe({ snapshot, shards, alerts });
    this.#last = { ...observation, alerts };
    const isKept = ({ at }: { readonly at: number }): boolean => at > now - KEPT_MS;
    this.#happened = [
      ...this.#happened.filter(isKept),
      ...events.map((event) => ({ at: now, ...event })),
    ].slice(-EVENTS_MAX);
    // There are no rates before the second snapshot.
    if (before === undefined) return;
    const seconds = (snapshot.at - before.snapshot.at) / 1_000;
    const figures = figuresOf(snapshot, grown, seconds);
    this.#samples = [...this.#samples.filter(isKept), { at: now, figures }];
  }

  /** Returns the samples after an instant, and the present state. */
  view(after: number): OperationsView {
    const samples = this.#samples.filter(({ at }) => at > after);
    const last = this.#last;
    return {
      everyMs: FIGURES_EVERY_MS,
      keptMs: KEPT_MS,
      at: samples.map(({ at }) => at),
      tracks: tracksOf(samples),
      events: [...this.#happened],
      alerts: last === undefined ? [] : last.alerts.map((alert) => this.#render(alert, last)),
      shards: last?.shards === undefined ? null : [...last.shards],
      processes: last === undefined ? [] : processesIn(last.snapshot),
      centsPerHit: CENTS_PER_HIT,
      faults: [...(last?.faults ?? [])],
    };
  }

  #render(
    { rule, summary, since, isFiring }: Alert,
    { snapshot, now }: Observation,
  ): OperationsAlert {
    const { means, look, remedy, see } = rule.entry;
    return {
      name: rule.name,
      summary,
      since: Math.round(now - (snapshot.at - since)),
      firing: isFiring,
      ...{ means, look, remedy },
      see: this.#rules
        .filter(({ name }) => see.includes(name))
        .map(({ name, entry }) => ({ name, remedy: entry.remedy })),
    };
  }
}

/** Arranges samples by figure. Pure. */
export function tracksOf(samples: readonly Sample[]): FigureTrack[] {
  const all = samples.flatMap(({ figures }, index) => figures.map((each) => ({ ...each, index })));
  return [...groupBy(all, ({ of, name }) => `${of} ${name}`).values()].flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    const values = samples.map((): number | null => null);
    for (const { index, value } of group) values[index] = Number(value.toPrecision(DIGITS));
    return [{ of: first.of, name: first.name, values }];
  });
}

function processesIn(snapshot: Snapshot): OperationsView['processes'] {
  const restarts = new Map(
    valuesOf(snapshot, 'daytrade_process_restarts_total').map(({ labels, value }) => [
      labels['name'],
      value,
    ]),
  );
  return valuesOf(snapshot, 'daytrade_process_up').map(({ labels: { name = '' }, value }) => ({
    name,
    up: value === 1,
    restarts: restarts.get(name) ?? 0,
  }));
}
