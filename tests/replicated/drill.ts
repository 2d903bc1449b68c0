/** One fault under load: struck, its gap in service measured, healed, and everything there again. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { ReplicatedFault } from './faults.ts';
import type { Probe } from './probe.ts';
import type { ReplicatedSystem } from './replicated-system.ts';

/** How long after the harm is done the service is watched; a machine that is cut off stays so. */
const WATCH_MS = 15_000;
const LOOK_MS = 100;
/** Served again: no shard has been silent for longer than this lately. */
const SERVED_MS = 1_000;

export type Drilled = { readonly gapMs: number; readonly shard: number };

export async function drill(
  system: ReplicatedSystem,
  probe: Probe,
  fault: ReplicatedFault,
): Promise<Drilled> {
  await system.whole();
  probe.reset();
  const heal = await fault.strike(system);
  await watched(probe);
  const worst = probe.worst();
  heal?.();
  await system.whole();
  return worst;
}

/** At least until every shard is served again; those that never are show in the gap. */
async function watched(probe: Probe): Promise<void> {
  const end = Date.now() + WATCH_MS;
  await sleep(SERVED_MS);
  while (Date.now() < end && probe.silentMs() > SERVED_MS) await sleep(LOOK_MS);
}
