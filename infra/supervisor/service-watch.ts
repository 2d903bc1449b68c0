/**
 * Probes the database and the broker repeatedly, and logs when one stops working or works again.
 */
import type { ServiceName, Trouble } from '../../shared/runtime/trouble.ts';
import type { Logger } from '../../shared/runtime/logger.ts';
import { repeat } from '../../shared/runtime/repeat.ts';
import type { Timers } from '../../shared/runtime/timers.ts';

/** A fault of a service that a probe found; undefined while the service works. */
export type ServiceFault = Pick<Trouble, 'kind' | 'what' | 'remedy'> | undefined;
/** Probes a service. Must resolve within seconds, whatever the service does. */
export type ServiceProbe = () => Promise<ServiceFault>;

type ServiceWatch = {
  readonly troubles: () => readonly Trouble[];
  readonly close: () => void;
};

export type WatchOptions = {
  readonly probes: Readonly<Record<ServiceName, ServiceProbe>>;
  readonly timers: Timers;
  readonly log: Logger;
  /** Called when the set of troubles, or the text of one, has changed. */
  readonly onChange: (troubles: readonly Trouble[]) => void;
};

/**
 * The time between two probes. With the longest duration of a probe, an operator learns of a fault
 * within ten seconds.
 */
export const PROBE_EVERY_MS = 2_000;

/**
 * Starts to probe each service every `PROBE_EVERY_MS`, with at most one probe of a service at a
 * time.
 */
export function openServiceWatch({ probes, timers, log, onChange }: WatchOptions): ServiceWatch {
  const found = new Map<ServiceName, Trouble>();
  const noticedAt = new Map<ServiceName, number>();
  const troubles = (): readonly Trouble[] => [...found.values()];

  const check = async (service: ServiceName): Promise<void> => {
    const finding = await probes[service]();
    const known = found.get(service);
    if (finding === undefined && known !== undefined) {
      found.delete(service);
      const afterMs = Math.round(timers.now() - (noticedAt.get(service) ?? 0));
      log.info('service back', { service, kind: known.kind, afterMs });
      onChange(troubles());
    } else if (finding !== undefined) {
      const isNew = known?.kind !== finding.kind;
      const since = isNew ? new Date().toISOString() : known.since;
      if (known === undefined) noticedAt.set(service, timers.now());
      found.set(service, { service, since, ...finding });
      if (!isNew && known.what === finding.what) return;
      if (isNew) log.error('service lost', { service, ...finding });
      onChange(troubles());
    }
  };

  const ends = (Object.keys(probes) as ServiceName[]).map((service) =>
    repeat(() => check(service), PROBE_EVERY_MS, { name: `look at ${service}`, timers, log }),
  );
  return { troubles, close: () => ends.forEach((end) => end()) };
}
