/** Finds the events between snapshots: restarts, changes of a pool's size, shards that moved, alarms. */
import { keyOf, type Alert } from '../alerts/alert-watch.ts';
import { valuesOf, type Snapshot } from '../alerts/snapshot.ts';
import { poolOf } from '../../shared/runtime/metrics.ts';
import type { OperationsEvent, OperationsShard } from '../../shared/web-api/operations.ts';
import { groupBy } from './group-by.ts';

type Found = Omit<OperationsEvent, 'at'>;

type Life = {
  readonly restarts: number;
  /** When its present run began; undefined while that is not known. */
  readonly startedAt: number | undefined;
};

export type Observed = {
  readonly snapshot: Snapshot;
  readonly shards: readonly OperationsShard[] | undefined;
  readonly alerts: readonly Alert[];
};

export class EventFinder {
  readonly #lives = new Map<string, Life>();
  #sizes: ReadonlyMap<string, number> | undefined;
  readonly #holders = new Map<number, string>();
  #firing: ReadonlyMap<string, Alert> = new Map();

  /** Returns what has happened since the snapshot before. */
  observe({ snapshot, shards, alerts }: Observed): readonly Found[] {
    return [
      ...this.#restarts(snapshot),
      ...this.#resizes(snapshot),
      ...this.#moves(shards ?? []),
      ...this.#alarms(alerts),
    ];
  }

  /** A process that ended by itself counts as restarted at once, one that was drained when it is back. */
  #restarts(snapshot: Snapshot): readonly Found[] {
    const starts = new Map(
      valuesOf(snapshot, 'process_start_time_seconds').map(({ labels, value }) => [
        labels['process'] ?? '',
        value,
      ]),
    );
    return valuesOf(snapshot, 'daytrade_process_restarts_total').flatMap(({ labels, value }) => {
      const name = labels['name'] ?? '';
      const before = this.#lives.get(name);
      const hasEnded = before !== undefined && value > before.restarts;
      const startedAt = starts.get(name) ?? (hasEnded ? undefined : before?.startedAt);
      this.#lives.set(name, { restarts: value, startedAt });
      if (hasEnded) return [{ kind: 'restart', text: `${name} ended and was started again` }];
      const isNew = before?.startedAt !== undefined && startedAt !== before.startedAt;
      return isNew ? [{ kind: 'restart', text: `${name} was restarted` }] : [];
    });
  }

  #resizes(snapshot: Snapshot): readonly Found[] {
    const names = valuesOf(snapshot, 'daytrade_process_up').map(
      ({ labels }) => labels['name'] ?? '',
    );
    if (names.length === 0) return [];
    const pools = groupBy(names, poolOf);
    const sizes = new Map([...pools].map(([pool, members]) => [pool, members.length]));
    const before = this.#sizes;
    this.#sizes = sizes;
    if (before === undefined) return [];
    return [...new Set([...before.keys(), ...sizes.keys()])].flatMap((pool) => {
      const [from, to] = [before.get(pool) ?? 0, sizes.get(pool) ?? 0];
      return from === to
        ? []
        : [{ kind: 'scale', text: `${pool}: from ${from} to ${to} processes` }];
    });
  }

  #moves(shards: readonly OperationsShard[]): readonly Found[] {
    const moved = shards.flatMap(({ shard, holder }) => {
      const before = this.#holders.get(shard);
      if (holder === null) return [];
      this.#holders.set(shard, holder);
      return before === undefined || before === holder
        ? []
        : [{ shard, way: `from ${before} to ${holder}` }];
    });
    return [...groupBy(moved, ({ way }) => way)].map(([way, group]) => ({
      kind: 'failover',
      text: `${group.length === 1 ? 'Shard' : 'Shards'} ${group.map(({ shard }) => shard).join(', ')} moved ${way}`,
    }));
  }

  #alarms(alerts: readonly Alert[]): readonly Found[] {
    const firing = new Map(
      alerts.filter(({ isFiring }) => isFiring).map((alert) => [keyOf(alert), alert]),
    );
    const before = this.#firing;
    this.#firing = firing;
    const begun = [...firing].filter(([key]) => !before.has(key));
    const over = [...before].filter(([key]) => !firing.has(key));
    return [
      ...begun.map(([, { summary }]) => ({ kind: 'alarm' as const, text: summary })),
      ...over.map(([, { summary }]) => ({ kind: 'well' as const, text: `Over: ${summary}` })),
    ];
  }
}
